"""Every kind of PDF that the demonstration makes complies with PDF/UA-1, and no letter of a name is lost."""

import pytest

from participation.socle.actions.documents import fabriquer_document, redemander_document
from participation.socle.models import Document
from participation.socle.pdf import fabriquer_pdf
from tests.outils import fautes_pdf

MOTS = "À distance, Accueil des familles, Anouk, Łukasz, Źródło, Ÿ, ŒUVRE, Éléonore"


def test_no_letter_is_lost_in_any_weight():
    """Two files share the letters of a font: one that has A and a combining accent, but not À, once took the A of « À »."""
    corps = f"<h1>{MOTS}</h1><p>{MOTS} <em>{MOTS}</em> <strong>{MOTS}</strong></p><table><tr><th>{MOTS}</th></tr></table>"
    page = f"<!DOCTYPE html><html lang=fr><head><title>{MOTS}</title></head><body><main>{corps}</main></body></html>"

    assert fautes_pdf(fabriquer_pdf(page), "ua1") == []


@pytest.mark.usefixtures("demonstration")
def test_every_kind_of_document_is_accessible():
    """The longest of each kind; those frozen as they are."""
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
