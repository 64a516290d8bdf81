"""Documents and letters of the demonstration: PDF/UA-1, complete names and labels, one-sheet poster."""

import io
from datetime import date

import pikepdf
import pytest
from django.template.loader import render_to_string
from django.utils.text import slugify

from participation.socle.actions.documents import fabriquer_document, redemander_document
from participation.socle.fichiers.pdf import fabriquer_pdf
from participation.socle.models import Courriel, Document
from petitions.collecte.actes import mise_en_affiche
from petitions.collecte.papier import code_qr
from petitions.models import Petition, ReglementPetition
from tests.outils import fautes_pdf

MOTS = "À distance, Accueil des familles, Anouk, Łukasz, Źródło, Ÿ, ŒUVRE, Éléonore"


def test_no_letter_is_lost_in_any_weight():
    """Two font files share the letters: one with A and a combining accent, but no À, hid the A of « À »."""
    corps = f"<h1>{MOTS}</h1><p>{MOTS} <em>{MOTS}</em> <strong>{MOTS}</strong></p><table><tr><th>{MOTS}</th></tr></table>"
    page = f"<!DOCTYPE html><html lang=fr><head><title>{MOTS}</title></head><body><main>{corps}</main></body></html>"

    assert fautes_pdf(fabriquer_pdf(page), "ua1") == []


@pytest.mark.usefixtures("demonstration")
def test_every_kind_of_document_is_accessible():
    """The longest document of each kind; frozen documents are checked as they are."""
    documents = sorted(Document.objects.all(), key=lambda document: len(str(document.donnees)))
    par_nature = {document.nature: document for document in documents}
    fautes = {}
    assert {"seances/convocation", "seances/proces_verbal", "ccspl/avis"} <= set(par_nature)

    for nature, document in par_nature.items():
        if document.etat != Document.Etat.PRET:
            redemander_document(document)
            assert fabriquer_document(document.pk), nature
            document.refresh_from_db()
        with document.fichier.open("rb") as fichier:
            fautes[nature] = fautes_pdf(fichier.read(), "ua1")

    assert {nature: trouvees for nature, trouvees in fautes.items() if trouvees} == {}


@pytest.mark.usefixtures("demonstration")
def test_no_letter_of_the_demonstration_has_a_label_without_its_words():
    """Such as « Pourquoi : » followed by nothing."""
    assert not Courriel.objects.filter(corps__regex=r":[ \u00a0]+(\n|$)").values_list("acte", flat=True)[:5]


@pytest.mark.parametrize("titre", ["MÉTROPOLITAIN " * 12, "Réaménager la rue Ampère : " * 3])
def test_a_poster_is_one_sheet(titre):
    titre, demande = (
        titre[:160].strip(),
        "Nous demandons des infrastructures cyclables métropolitaines. " * 30,
    )
    petition = Petition(titre=titre, demande=demande, reference="PET-2026-0001")
    petition.date_fin_collecte, petition.reglement = date(2026, 12, 31), ReglementPetition(age_minimum=16)
    lien = f"/petitions/1234-{slugify(titre)}/"
    site = "https://participation.grenoblealpesmetropole.fr"
    page = render_to_string(
        "pdf/petitions/affiche.html",
        {
            **mise_en_affiche(titre, demande),
            "dossier": petition,
            "lien": lien,
            "site": site,
            "qr": code_qr(site + lien),
            "conditions": "1 500 signatures, d’au moins 12 communes, un tiers au plus venant d’une seule",
        },
    )

    with pikepdf.open(io.BytesIO(fabriquer_pdf(page))) as affiche:
        assert len(affiche.pages) == 1
