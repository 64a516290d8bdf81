"""Entry on a phone without network: nothing lost, nothing sent twice."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from PIL import Image
from playwright.sync_api import Page, expect

from participation.socle.models import Voie
from remontees.models import Reception
from tests.greffons.navigateur import TELEPHONE, Retenue, attendre_promesse, controler
from tests.remontees.reception.test_capture import photo_prise_sur_place
from tests.socle.factories import CompteFactory, commune

pytestmark = pytest.mark.django_db(transaction=True)

# A slow device takes time to return its stored data.
# After a reload off line, the browser may believe that it is on line: the page then says that the server does not answer.
GARDEE_ICI = re.compile(
    "Hors ligne. Une remontée est gardée|Le serveur ne répond pas. Ce que vous avez noté est gardé"
)
LENT = """const demander = LockManager.prototype.request
LockManager.prototype.request = async function (nom, {signal, ...options}, faire) {
  await new Promise(fait => setTimeout(fait, 300))
  return demander.call(this, nom, options, faire)  // without its delay: the whole machine may be slow too
}"""


def pret(page: Page) -> None:
    """Wait until the page is stored on the device and its script has read the stored drafts."""
    page.goto(reverse("remontees:noter"))
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function(
        "document.querySelector('[name=cle]').value === sessionStorage.getItem('remontees.cle')"
    )


def noter(page: Page, mots: str) -> None:
    page.get_by_label("Ce qui a été dit").fill(mots)
    page.get_by_role("button", name="Noter", exact=True).click()
    expect(page.get_by_label("Ce qui a été dit")).to_have_value("")


def test_two_drafts_written_off_line_become_two_receptions_exactly(entrer):
    page = entrer(CompteFactory(accueil=True), TELEPHONE)
    pret(page)
    controler(page)
    page.context.set_offline(True)

    page.get_by_text("Terrain", exact=True).click()
    noter(page, "Le banc est cassé.")
    noter(page, "La fontaine fuit.")
    expect(page.get_by_text("Hors ligne.")).to_be_visible()
    page.get_by_label("Ce qui a été dit").fill("Une troisième, pas finie")
    page.reload()

    expect(page.get_by_label("Ce qui a été dit")).to_have_value("Une troisième, pas finie")
    expect(page.get_by_label("Terrain", exact=True)).to_be_checked()  # the last choice
    expect(page.locator("[data-brouillons] > li")).to_have_count(2)
    assert not Reception.objects.exists()

    autre = page.context.new_page()  # a second tab of the same device, also opened offline
    autre.goto(reverse("remontees:noter"))
    page.context.set_offline(False)
    expect(page.locator("[data-brouillons] > li")).to_have_count(0)
    expect(autre.locator("[data-brouillons] > li")).not_to_have_count(2)

    dites = Reception.objects.values_list("charge__verbatim", "charge__canal")
    assert sorted(dites) == [("La fontaine fuit.", "terrain"), ("Le banc est cassé.", "terrain")]
    controler(page)


def test_a_session_that_ended_keeps_the_draft_and_says_so_then_sign_out_empties_the_device(entrer):
    compte = CompteFactory(accueil=True)
    page = entrer(compte, TELEPHONE)
    pret(page)
    gardees, temoins = list(Session.objects.all()), page.context.cookies()
    Session.objects.all().delete()

    noter(page, "Le banc est cassé.")
    expect(page.get_by_text("Votre session est finie.")).to_be_visible()
    expect(page.locator("[data-brouillons] > li")).to_have_count(1)

    Session.objects.bulk_create(gardees)
    page.context.add_cookies(temoins)
    page.goto(reverse("account_logout"))
    expect(page.get_by_text("Une remontée n’est pas partie de cet appareil")).to_be_visible()
    page.get_by_role("button", name="Se déconnecter").click()
    page.wait_for_url(lambda url: "logout" not in url)
    for reste in ("indexedDB.databases()", "caches.keys()", "navigator.serviceWorker.getRegistrations()"):
        attendre_promesse(page, f"{reste}.then(reste => !reste.length)")


def test_what_the_server_refuses_comes_back_to_be_corrected(entrer):
    page = entrer(CompteFactory(accueil=True), TELEPHONE)
    echirolles = commune("Échirolles")
    Voie(commune=echirolles, nom="Rue de la République").save()
    pret(page)
    lieu = page.locator("[name=lieu]")
    lieu.fill("12 rue de la rep")
    proposee = "12 Rue de la République, Échirolles"
    expect(page.get_by_role("option", name=proposee)).to_be_visible()  # whatever its accents
    lieu.press("Escape")
    expect(lieu).to_have_attribute("aria-expanded", "false")
    lieu.press("ArrowDown")
    expect(page.get_by_role("listbox").get_by_role("option", selected=True)).to_have_text(proposee)
    lieu.press("Enter")
    expect(lieu).to_have_value("12 Rue de la République")
    expect(page.locator("[name=commune]")).to_have_value(echirolles.pk)
    page.get_by_text("La personne veut être prévenue").click()
    page.get_by_label("Courriel", exact=False).last.fill("lea@")
    retenue = Retenue()
    page.route(page.url, retenue)
    with page.expect_request(lambda demande: demande.method == "POST"):
        noter(page, "Le banc est cassé.")
    page.get_by_role("button", name="Reprendre").click()
    expect(page.get_by_text("Un envoi est en cours")).to_be_visible()
    retenue.ouvrir()
    expect(page.get_by_text("Une remontée est à corriger")).to_be_visible()
    # Only then is the sending over: what it holds is not taken back.
    expect(page.locator("[data-brouillons] > li")).to_contain_text("À corriger.")

    page.get_by_role("button", name="Reprendre").click()
    expect(page.locator("#erreur-courriel")).to_contain_text("Cette adresse n’est pas complète")
    expect(page.get_by_label("Ce qui a été dit")).to_have_value("Le banc est cassé.")
    controler(page)
    page.locator("[name=courriel]").fill("lea@example.org")
    page.get_by_role("button", name="Noter", exact=True).click()

    expect(page.get_by_text("C’est noté.")).to_be_visible()
    assert Reception.objects.get().charge["contact"]["courriel"] == "lea@example.org"


def test_a_photo_taken_off_line_survives_a_reload_and_leaves_without_its_place(entrer):
    page = entrer(CompteFactory(accueil=True), TELEPHONE)
    pret(page)
    page.context.set_offline(True)
    page.get_by_label("Ce qui a été dit").fill("Le banc est cassé.")
    photo = photo_prise_sur_place().getvalue()
    page.locator("[name=photo]").set_input_files(
        {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": photo}
    )
    attendre_promesse(page, "Appareil.tous().then(gardes => gardes.some(brouillon => brouillon.image))")
    page.add_init_script(LENT)
    page.reload()

    page.get_by_role("button", name="Noter", exact=True).click()  # before the device has returned the photo
    expect(page.locator("[data-brouillons] > li")).to_contain_text("Avec une photo.")
    expect(page.get_by_text(GARDEE_ICI)).to_be_visible()
    page.get_by_role("button", name="Reprendre").click()
    expect(page.get_by_role("button", name="Retirer la photo")).to_be_visible()
    controler(page)
    page.get_by_role("button", name="Noter", exact=True).click()
    expect(page.get_by_role("button", name="Retirer la photo")).to_be_hidden()
    expect(page.get_by_text("Il reste 20\u00a0000").first).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator("[data-brouillons] > li")).to_have_count(0)

    reception = Reception.objects.get()
    with reception.photo.open() as fichier, Image.open(fichier) as gardee:
        assert gardee.size == (20, 40)  # upright, as on the screen
        assert not gardee.getexif()


def test_one_draft_opened_in_two_tabs_is_sent_once(entrer):
    """The second tab starts its own draft, the first keeps the other, and both send all they show."""
    page = entrer(CompteFactory(accueil=True), TELEPHONE)
    pret(page)
    page.context.set_offline(True)
    page.get_by_label("Ce qui a été dit").fill("Le banc est cassé.")
    attendre_promesse(page, "Appareil.tous().then(gardes => gardes.length === 1)")
    autre = page.context.new_page()
    autre.goto(reverse("remontees:noter"))
    page.get_by_role("button", name="Noter", exact=True).click()
    expect(page.locator("[data-brouillons] > li")).to_have_count(1)
    expect(autre.locator("[data-brouillons] > li")).to_have_count(1)
    assert autre.locator("[name=cle]").input_value() != page.locator("[name=cle]").input_value()

    page.context.set_offline(False)
    for onglet in (page, autre):
        onglet.evaluate("document.querySelector('[data-envoyer]').click()")
    for onglet in (page, autre):
        expect(onglet.locator("[data-brouillons] > li")).to_have_count(0)

    assert Reception.objects.count() == 1


def test_a_draft_that_the_server_does_not_take_holds_no_other(entrer):
    page = entrer(CompteFactory(accueil=True), TELEPHONE)
    pret(page)
    page.context.set_offline(True)
    noter(page, "Celle que le serveur ne prend pas.")
    noter(page, "La fontaine fuit.")
    page.route(
        "**/remontees/noter/",
        lambda route: (
            route.fulfill(status=500)
            if "ne prend pas" in (route.request.post_data or "")
            else route.continue_()
        ),
    )

    page.context.set_offline(False)

    expect(page.locator("[data-brouillons] > li")).to_have_count(1)
    expect(page.get_by_text("Le serveur n’a pas pris une remontée")).to_be_visible()
    assert [r.charge["verbatim"] for r in Reception.objects.all()] == ["La fontaine fuit."]
