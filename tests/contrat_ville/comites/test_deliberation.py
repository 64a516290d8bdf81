"""Table of the délibération: sums by axe equal to the database, agents only, spreadsheet and PDF."""

import io
from decimal import Decimal

import pikepdf
import pytest
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from contrat_ville.comites import actes as comites
from contrat_ville.comites.deliberation import (
    deliberation_de,
    en_tout,
    entetes,
    lignes_du_tableau,
    preparer_deliberation,
)
from contrat_ville.models import Axe, Financement, Porteur, Programmation, Projet
from participation.socle.actions.documents import fabriquer_document
from participation.socle.erreurs import ActeInterdit
from participation.socle.models import Document
from tests.contrat_ville.comites.monde import financeur_de, projet_a
from tests.contrat_ville.factories import PartenaireFactory, ProgrammationFactory
from tests.outils import fautes_pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def programmation(agent):
    """Two axes; projets granted by two financers, with a condition, refused, ajournés, seen by no comité."""
    programmation = ProgrammationFactory(en_instruction=True)
    un, deux = Axe.objects.all()[:2]
    soutenu = projet_a(programmation=programmation, axe=un, titre="=Jardin", numero_dauphin="00012345-1")
    premier = financeur_de(soutenu)
    autre = PartenaireFactory(nom="Ville d’essai", sigle="Ville", ordre=99)
    Financement.objects.create(projet=soutenu, financeur=autre, demande=Decimal("200.50"))
    Porteur.objects.filter(pk=soutenu.porte_par_id).update(siret="20004071500019")
    cent = Decimal("100.25")
    comites.retenir(soutenu, par=agent, le=timezone.localdate(), montants={premier.pk: cent, autre.pk: cent})
    reserve, refuse, ajourne = (projet_a(programmation=programmation, axe=axe) for axe in (un, deux, deux))
    donner = {financeur_de(reserve).pk: Decimal(300)}
    comites.retenir_sous_reserve(
        reserve, par=agent, le=timezone.localdate(), montants=donner, reserve="Dire les horaires."
    )
    comites.refuser(refuse, par=agent, le=timezone.localdate(), motif="Trop loin\ndes quartiers.")
    comites.ajourner(ajourne, par=agent, motif="À compléter.")
    projet_a("depose", programmation=programmation)
    return programmation


def test_each_axe_says_what_was_asked_and_granted_by_whom_and_why(programmation):
    lue = deliberation_de(programmation)
    lignes = list(lignes_du_tableau(lue))

    assert [len(groupe.lignes) for groupe in lue.groupes] == [2, 2]
    assert [ligne.sens for groupe in lue.groupes for ligne in groupe.lignes] == [
        "retenu",
        "retenu sous réserve",
        "non retenu",
        "ajourné",
    ]
    assert "Dire les horaires." in str(lignes)
    assert "20004071500019" in str(lignes)
    sommes = Financement.objects.filter(
        projet__in=[li.projet for g in lue.groupes for li in g.lignes]
    ).totaux()
    assert en_tout(lue.parts) == (sommes["demande"], sommes["accorde"])
    assert lignes[-1][-3] == Decimal("500.50")
    assert {len(ligne) for ligne in lignes} == {len(entetes(lue))}
    lue.financeurs[0].sigle = "Le Pont-de-Claix"
    assert {"Demandé au Pont-de-Claix", "Accordé par Le Pont-de-Claix"} < set(entetes(lue))


def test_an_agent_takes_it_as_a_sheet_once_the_year_is_decided_and_as_an_accessible_pdf(
    client, agent, programmation, django_assert_max_num_queries
):
    adresse = reverse("contrat_ville:deliberation_xlsx", args=[programmation.pk])
    client.force_login(agent)
    assert client.get(adresse).status_code == 404
    with pytest.raises(ActeInterdit):
        preparer_deliberation(programmation, par=agent)
    Programmation.objects.filter(pk=programmation.pk).update(etat="programmee")

    octets = b"".join(client.get(adresse).streaming_content)
    client.post(reverse("contrat_ville:preparer_deliberation", args=[programmation.pk]))
    programmation.refresh_from_db()
    document = programmation.deliberation
    assert fabriquer_document(document.pk)
    document.refresh_from_db()

    rangs = CalamineWorkbook.from_filelike(io.BytesIO(octets)).get_sheet_by_index(0).to_python()
    assert len(rangs) == 1 + 4 + 2 + 1
    (premier,) = [rang for rang in rangs if rang[5] == "=Jardin"]
    assert premier[2] == "00012345-1"
    assert premier[7:11] == [800, 100.25, 200.5, 100.25]
    with document.fichier.open("rb") as fichier:
        octets = fichier.read()
    assert fautes_pdf(octets, "ua1") == []
    with pikepdf.open(io.BytesIO(octets)) as pdf:
        assert f"deliberation-{programmation.annee}.csv" in pdf.attachments
    assert document.est_interne
    page = client.get(programmation.get_absolute_url()).content.decode()
    assert reverse("socle:document", args=[document.cle_publique]) in page
    # Decided again since: the same URL shows it.
    Projet.objects.filter(programmation=programmation, etat="refuse").update(motif_decision="Hors sujet.")
    preparer_deliberation(programmation, par=agent)
    programmation.refresh_from_db()
    assert programmation.deliberation_id == document.pk
    assert "Hors sujet." in str(Document.objects.get(pk=document.pk).donnees)
    with django_assert_max_num_queries(4):
        deliberation_de(programmation)
