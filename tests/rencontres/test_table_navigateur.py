"""The note-taker's page and the door on a phone, with the network cut: nothing lost, nothing sent twice."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from participation.inscriptions import vues
from participation.rencontres.models import Inscription, Note, TableRencontre
from tests.greffons.navigateur import TELEPHONE, controler
from tests.rencontres.factories import InscriptionFactory, RencontreFactory
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_notes_taken_without_network_leave_when_it_comes_back(entrer) -> None:
    table = TableRencontre.objects.create(rencontre=RencontreFactory(ouverte=True), numero=3)
    page = entrer(None, TELEPHONE)
    page.goto(reverse("rencontres:table", args=[table.jeton()]))
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function(
        "document.querySelector('[name=cle]').value === sessionStorage.getItem('remontees.cle')"
    )
    controler(page)
    page.context.set_offline(True)
    for texte in ("Un banc à l’ombre", "Une fontaine"):
        page.get_by_label("Ce qui se dit").fill(texte)
        page.get_by_role("button", name="Noter", exact=True).click()
        expect(page.get_by_label("Ce qui se dit")).to_have_value("")
    expect(page.get_by_text("2 notes sont gardées sur cet appareil")).to_be_visible()

    page.reload()
    expect(page.locator("[data-brouillons] > li")).to_have_count(2)
    assert not Note.objects.exists()
    page.context.set_offline(False)

    expect(page.locator("[data-brouillons] > li")).to_have_count(0)
    expect(page.get_by_text("2 notes sont parties à la récolte")).to_be_visible()
    expect(page.locator("[data-deja] > li")).to_have_text(["Une fontaine", "Un banc à l’ombre"])
    assert sorted(Note.objects.values_list("texte", flat=True)) == ["Un banc à l’ombre", "Une fontaine"]


def test_presences_noted_at_the_door_without_network_leave_when_it_comes_back_and_a_refusal_stays(
    entrer, monkeypatch
) -> None:
    monkeypatch.setattr(vues, "PAR_PAGE", 3)
    rencontre = RencontreFactory(ouverte=True, debut=timezone.localtime())
    place, partie, d_une_autre, loin = (
        InscriptionFactory(evenement=rencontre, nom=nom)
        for nom in ("Alma Essai", "Rose Essai", "Ruth Essai", "Zora Loin")
    )
    page = entrer(CompteFactory(agent=True), TELEPHONE)
    page.goto(reverse("rencontres:accueil", args=[rencontre.pk]))
    cle = reverse("rencontres:noter_presence", args=[d_une_autre.pk])
    page.evaluate(
        "(cle) => Appareil.garder({ cle, porte: location.pathname, compte: '0', nom: 'Ruth', le: Date.now() })",
        cle,
    )
    page.reload()
    expect(page.get_by_text("1 présence notée ici par un autre compte partira")).to_be_visible()
    controler(page)
    page.context.set_offline(True)
    page.get_by_label("Nom").press_sequentially("zora")  # of another page of the list
    expect(page.locator("[data-attendues] > li:visible")).to_have_count(1)
    page.get_by_role("listitem").filter(has_text="Zora Loin").get_by_role("button").click()
    expect(page.get_by_text("1 présence est gardée sur cet appareil")).to_be_visible()
    page.get_by_label("Nom").press("Control+A")
    page.get_by_label("Nom").press("Delete")
    for nom in ("Alma", "Rose"):
        page.get_by_role("listitem").filter(has_text=nom).get_by_role("button").click()
    expect(page.get_by_text("3 présences sont gardées sur cet appareil")).to_be_visible()
    assert not Inscription.objects.exclude(presente_le=None).exists()
    Inscription.objects.filter(pk=partie.pk).update(etat="annulee")

    page.context.set_offline(False)

    expect(page.get_by_role("button", name="Effacer la présence")).to_have_count(2)
    expect(
        page.get_by_text("Cette inscription est annulée : inscrivez la personne de nouveau.")
    ).to_be_visible()
    assert set(Inscription.objects.exclude(presente_le=None)) == {place, loin}
    controler(page)
    page.get_by_role("button", name="J’ai lu").click()
    expect(page.get_by_text("Rose Essai")).to_have_count(0)
    page.reload()
    expect(page.get_by_text("Rose Essai")).to_have_count(0)
