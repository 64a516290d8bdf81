"""Vote of a quartier in a browser: phones, paper, desk, count, results that anybody can check."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from participation.budgets import tasks
from participation.budgets.models import Scrutin
from participation.budgets.vote import regles as regles_vote
from participation.socle.models import Courriel
from tests.budgets.factories import idee_de
from tests.budgets.vote import adresse, codes_connus, rejouer, scrutin_ouvert
from tests.greffons.navigateur import TELEPHONE, controler, valider
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db(transaction=True)

# The focused element must stay visible after scrolling: no bar may cover it.
SE_VOIT = """() => {
  const e = document.activeElement, r = e.getBoundingClientRect()
  const dessus = document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2)
  return dessus && (e === dessus || e.contains(dessus))
}"""


def titre(page: Page, mots: str) -> None:
    expect(page.locator("h1")).to_have_text(mots)


def relire(page: Page, scrutin: Scrutin, code: str, *projets: str) -> None:
    """Go from the code to the ballot to confirm, on a touch screen."""
    page.goto(adresse("voter", scrutin))
    page.locator("[name=code]").fill(regles_vote.ecrire_code(code).lower())
    page.get_by_role("button", name="Voir le bulletin").tap()
    titre(page, "Votre bulletin")
    for projet in projets:
        page.get_by_label(projet, exact=True).check()
    page.get_by_role("button", name="Relire mon bulletin").tap()
    titre(page, "Relire votre bulletin")


def voter_au_clavier(page: Page, scrutin: Scrutin, code: str, *projets: str) -> str:
    """Vote with the keyboard only, in any order of the projects. Returns the receipt."""
    page.goto(adresse("voter", scrutin))
    page.locator("[name=code]").focus()
    page.keyboard.type(regles_vote.ecrire_code(code))
    page.keyboard.press("Enter")
    titre(page, "Votre bulletin")
    controler(page)
    pris = set()
    for _ in range(30):
        page.keyboard.press("Tab")
        page.wait_for_function(SE_VOIT)
        ou = page.evaluate("(e => e.labels?.[0]?.innerText || e.innerText)(document.activeElement)").strip()
        if ou in projets:
            page.keyboard.press("Space")
            pris.add(ou)
        if ou == "Relire mon bulletin":
            break
    assert pris == set(projets)
    expect(page.locator("[data-restant]")).to_contain_text("Projets choisis : 2. Au plus : 2.")
    page.keyboard.press("Enter")
    titre(page, "Relire votre bulletin")
    page.get_by_role("button", name="Voter", exact=True).focus()
    page.keyboard.press("Enter")
    titre(page, "Votre bulletin est dans l’urne")
    return page.locator("#id_recu").input_value()


def saisir(page: Page, scrutin: Scrutin, numero: int, *projets: str) -> None:
    page.goto(adresse("saisir_papier", scrutin))
    page.locator("[name=numero]").fill(str(numero))
    for projet in projets:
        page.get_by_label(projet).check()
    valider(page)
    assert "saisir" not in page.url


def test_a_quartier_votes_by_phone_and_on_paper_and_anybody_counts_again(entrer, tmp_path):
    agent, accueil = CompteFactory(agent=True), CompteFactory(accueil=True)
    scrutin = scrutin_ouvert(agent)
    projet = scrutin.projets.get(titre="Projet A").projet
    idee_de(scrutin.budget, etat="reunie", projet_quartier=projet, courriel="lea@example.org")
    une, deux, *papiers = codes_connus(scrutin, 4)
    bureau, guichet = entrer(agent), entrer(accueil)
    telephones = [entrer(taille=TELEPHONE, has_touch=True) for _ in range(2)]

    recu = voter_au_clavier(telephones[0], scrutin, une, "Projet A", "Projet B")
    # One code on two phones: both are on the page of confirmation, and both confirm.
    for page, choisi in zip(telephones, ("Projet A", "Projet C"), strict=True):
        relire(page, scrutin, deux, choisi)
        controler(page)
    for page in telephones:
        page.evaluate("document.querySelector('main form [type=submit]').click()")
    for page in telephones:
        page.locator("h1", has_text="Relire").wait_for(state="detached")
        page.wait_for_load_state()
    assert sorted(page.locator("h1").inner_text() for page in telephones) == [
        "Voter",
        "Votre bulletin est dans l’urne",
    ]
    perdante = next(page for page in telephones if page.locator("#erreur").count())
    expect(perdante.locator("#erreur")).to_contain_text("Ce code a déjà voté")
    # Desk: two codes become paper ballots, one is handed over and votes.
    for code in papiers:
        valider(guichet, adresse("emarger_papier", scrutin), code=code)
    valider(guichet, adresse("remettre_code", scrutin), raison="Venue sans feuille")
    remis = guichet.locator(".alert", has_text="Code n°").inner_text().partition(":")[2].split()[0]
    relire(perdante, scrutin, regles_vote.lire_code(remis.strip(".")))
    perdante.get_by_role("button", name="Voter blanc").tap()
    titre(perdante, "Votre bulletin est dans l’urne")

    Scrutin.objects.update(date_fin=timezone.localdate() - timedelta(days=1))
    tasks.clore_les_votes()
    perdante.goto(adresse("voter", scrutin))
    titre(perdante, "Le vote est clos")
    # Paper: entered by two people, the second blind. An agent settles the differences.
    saisir(bureau, scrutin, 1, "Projet A")
    saisir(bureau, scrutin, 2, "Projet B")
    guichet.goto(reverse("socle:journee"))
    guichet.get_by_role("link", name="Saisir").first.click()
    expect(guichet.locator("#papiers")).not_to_contain_text("Projet")
    saisir(guichet, scrutin, 1, "Projet A")
    saisir(guichet, scrutin, 2, "Projet C")
    bureau.goto(adresse("scrutin", scrutin))
    bureau.locator("#papiers").get_by_role("link", name="Trancher").click()
    expect(bureau.locator("main")).to_contain_text("Projet C")
    controler(bureau)
    bureau.get_by_label("Projet B").check()
    valider(bureau, raison="Une croix débordait.")
    valider(bureau, adresse("depouiller_scrutin", scrutin))
    tasks.compter_bulletins(scrutin.depouillements.get().pk)
    # The page refreshes by itself.
    expect(bureau.locator("#resultat")).to_contain_text("celle du règlement")
    controler(bureau)
    valider(bureau, adresse("publier_resultats", scrutin))

    page = telephones[0]
    page.goto(scrutin.get_public_url())
    expect(page.locator("#resultats")).to_contain_text("5 (3 en ligne, 2 sur papier)")
    controler(page)
    fichiers = []
    for lien in ("Les bulletins", "Le script"):
        with page.expect_download() as recue:
            page.get_by_role("link", name=lien, exact=True).tap()
        fichiers.append(tmp_path / recue.value.suggested_filename)
        recue.value.save_as(fichiers[-1])
    numeros, dernier = rejouer(*fichiers)
    laureats = page.locator("#resultats tr", has=page.get_by_text("Lauréat", exact=True)).locator("th")
    laureats_lus = laureats.all_inner_texts()
    assert sorted(mots.partition(".")[0] for mots in laureats_lus) == sorted(numeros)
    assert "publiés" in dernier
    page.get_by_role("link", name="Lire ce que ma voix a payé").tap()
    page.locator("#id_recu").fill(recu)
    page.get_by_role("button", name="Lire mon reçu").tap()
    expect(page.locator("main")).to_contain_text("Payé par votre part")
    (lettre,) = Courriel.objects.filter(acte="budgets/proclamer_projet", destinataires=["lea@example.org"])
    # The faster phone decides whether Projet A is tied with another.
    gagne = any("Projet A" in mots for mots in laureats_lus)
    assert lettre.sujet.startswith("Lauréat" if gagne else "Non retenu")
