"""A sheet counts once a colleague has compared drawn lines with the paper."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.models import Document
from petitions.actions import decompte, papier
from petitions.models import Decompte, FeuillePapier, Signature
from tests.petitions.factories import PetitionFactory, SignatureFactory
from tests.socle.factories import CompteFactory, commune


@pytest.fixture
def saisie(db):
    """(sheet with ten lines entered, who entered them, a colleague)."""
    petition = PetitionFactory(en_collecte=True)
    agent, collegue = CompteFactory(agent=True), CompteFactory(agent=True)
    papier.imprimer_feuilles(petition, par=agent, nombre=1)
    feuille = petition.feuilles.get()
    for lettre in "ABCDEFGHIJ":
        papier.saisir_ligne(
            feuille,
            par=agent,
            prenom=f"{lettre}lix",
            nom=lettre * 6,
            commune=commune("Vif"),
            qualite="resident",
        )
    return feuille, agent, collegue


def test_sheets_are_numbered_without_gap_and_printed_together(db):
    petition = PetitionFactory(en_collecte=True)
    agent = CompteFactory(agent=True)

    papier.imprimer_feuilles(petition, par=agent, nombre=3)
    papier.imprimer_feuilles(petition, par=agent, nombre=2)

    assert list(petition.feuilles.values_list("numero", flat=True)) == [1, 2, 3, 4, 5]
    document = Document.objects.latest("pk")
    assert [f["numero"] for f in document.donnees["feuilles"]] == [4, 5]
    assert all(f["qr"].startswith("data:image/svg") for f in document.donnees["feuilles"])


def test_a_checked_sheet_counts(saisie):
    feuille, agent, collegue = saisie
    papier.clore_saisie(feuille, par=agent)
    assert len(feuille.lignes_a_controler) == 2  # a fifth of ten
    decompte.compter()
    assert not Decompte.objects.filter(total__gt=0).exists()

    papier.valider_feuille(feuille, par=collegue, conformes=set(feuille.lignes_a_controler))
    decompte.compter()

    assert Decompte.objects.get(petition=feuille.petition).total == 10
    assert feuille.petition.journal.filter(acte="valider_feuille", par=collegue).count() == 1
    with pytest.raises(ActeInterdit):
        papier.valider_feuille(feuille, par=collegue, conformes=set(feuille.lignes_a_controler))


def test_who_entered_a_sheet_does_not_check_it(saisie):
    feuille, agent, _ = saisie
    papier.clore_saisie(feuille, par=agent)

    with pytest.raises(ErreurMetier, match="une autre personne"):
        papier.valider_feuille(feuille, par=agent, conformes=set(feuille.lignes_a_controler))
    with pytest.raises(IntegrityError), transaction.atomic():
        FeuillePapier.objects.filter(pk=feuille.pk).update(controlee_par=agent)


def test_a_wrong_line_sends_the_sheet_back_or_rejects_it(saisie):
    feuille, agent, collegue = saisie
    papier.clore_saisie(feuille, par=agent)
    with pytest.raises(ErreurMetier, match="pas conforme"):
        papier.valider_feuille(feuille, par=collegue, conformes=set(feuille.lignes_a_controler[1:]))

    papier.renvoyer_feuille(feuille, par=collegue, motif="Ligne 3 illisible.")
    papier.effacer_ligne(feuille, par=agent, ligne=3)
    papier.clore_saisie(feuille, par=agent)
    papier.rejeter_feuille(feuille, par=collegue, motif="Une même main.")

    assert feuille.etat == "rejetee"
    assert Signature.objects.filter(feuille=feuille).count() == 9
    assert not Signature.objects.valables().exists()


def test_a_likely_double_is_shown_before_it_is_entered(client, saisie):
    feuille, agent, _ = saisie
    SignatureFactory(
        petition=feuille.petition,
        prenom="Chloé",
        nom="Marchetti",
        nom_canonique="chloe marchetti",
        confirmee=True,
    )
    client.force_login(agent)
    ligne = {"prenom": "Chloe", "nom": "Marcheti", "commune": commune("Grenoble").pk, "qualite": "resident"}
    url = f"/petitions/feuilles/{feuille.pk}/"

    page = client.post(url, ligne).content.decode()
    assert "Chloé Marchetti, Grenoble, en ligne" in page
    assert feuille.lignes.count() == 10

    assert client.post(url, {**ligne, "commune": commune("Vif").pk}).status_code == 302
    assert client.post(url, {**ligne, "malgre_doublon": "on"}).status_code == 302
    assert feuille.lignes.count() == 12
    assert f'value="{commune("Grenoble").pk}" selected' in client.get(url).content.decode()


def test_the_whole_path_by_the_pages(client, saisie):
    feuille, agent, collegue = saisie
    client.force_login(agent)
    client.post(reverse("petitions:clore_saisie", args=[feuille.pk]))
    assert (
        "une autre personne la contrôle"
        in client.get(f"/petitions/feuilles/{feuille.pk}/controler/").content.decode()
    )

    client.force_login(collegue)
    feuille.refresh_from_db()
    reponse = client.post(
        f"/petitions/feuilles/{feuille.pk}/controler/",
        {"decision": "valider", "conformes": feuille.lignes_a_controler},
        follow=True,
    )
    assert "Validée" in reponse.content.decode()


def test_paper_needs_a_reglement_that_admits_it(db):
    petition = PetitionFactory(en_collecte=True)
    petition.reglement.papier_admis = False
    petition.reglement.save()

    with pytest.raises(ErreurMetier, match="sur papier"):
        papier.imprimer_feuilles(petition, par=CompteFactory(agent=True), nombre=1)
