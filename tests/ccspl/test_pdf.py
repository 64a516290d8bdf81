"""PDFs of an avis: accepted by both validators; the page for the council speaker stays one page."""

import io
from pathlib import Path

import pikepdf
import pytest

from ccspl.redaction import preconisations, vote
from ccspl.transmission import restitution
from participation.socle.actions.documents import fabriquer_document
from participation.socle.models import Document
from tests.ccspl.factories import AvisFactory, ParagrapheFactory, PreconisationFactory
from tests.outils import fautes_pdf
from tests.seances.factories import CollegeFactory, MembreFactory

LONG = "La commission demande que chaque facture dise ce qui est payé, à qui, et pourquoi. " * 12


@pytest.fixture
def avis(agent):
    avis = AvisFactory(en_redaction=True, agent=agent)
    for _ in range(6):
        ParagrapheFactory(avis=avis, texte=LONG)
    for n in range(12):
        PreconisationFactory(avis=avis, texte=f"{n} : {LONG}"[:2000])
    membre = MembreFactory(college=CollegeFactory(mandature=avis.mandature))
    vote.soumettre(avis, par=agent)
    vote.adopter(avis, par=agent, sens="preconisations")
    preconisations.noter_position(avis, par=agent, membre=membre, texte="Je ne suis pas d’accord.")
    return avis


def fabriquer(document):
    assert fabriquer_document(document.pk), Document.objects.get(pk=document.pk).erreur
    document.refresh_from_db()
    octets = Path(document.fichier.path).read_bytes()
    for profil in ("ua1", "3a"):
        assert fautes_pdf(octets, profil) == []
    return octets


@pytest.mark.django_db
def test_the_adopted_avis_is_accessible_and_archivable(avis):
    avis.document.refresh_from_db()

    fabriquer(avis.document)

    assert avis.document.donnees["positions"][0]["texte"] == "Je ne suis pas d’accord."


@pytest.mark.django_db
@pytest.mark.parametrize("faire", [restitution.faire_fiche, restitution.demander_intervention])
def test_the_sheets_are_accessible_and_archivable(avis, agent, faire):
    octets = fabriquer(faire(avis, par=agent))

    if faire is restitution.demander_intervention:
        with pikepdf.open(io.BytesIO(octets)) as pdf:
            assert len(pdf.pages) == 1
