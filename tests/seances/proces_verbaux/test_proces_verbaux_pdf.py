"""PDF of a procès-verbal and of a feuille de présence: accessible, archivable, with the data attached."""

import io
import json
from pathlib import Path

import page
import pikepdf
import pytest

from participation.seances.models import VersionPV
from participation.seances.proces_verbaux import actes as proces_verbaux
from participation.socle.actions.documents import fabriquer_document, rediger_document
from participation.socle.fichiers.pdf import PdfImpossible, fabriquer_pdf
from participation.socle.models import Document
from participation.socle.workflow import Role
from tests.outils import fautes_pdf
from tests.seances.seance_tenue import seance_tenue
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def version():
    agent = CompteFactory(role=Role.AGENT)
    pv = proces_verbaux.rediger_pv(seance_tenue(), par=agent)
    texte = (
        "<h3>Échanges</h3><p>Une <strong>question</strong>, un <a href='https://exemple.fr'>lien</a>.</p>"
        "<ul><li>un</li></ul><ol><li>deux</li></ol><blockquote><p>Une citation.</p></blockquote>"
    )
    proces_verbaux.ecrire_pv(pv, par=agent, texte=dict.fromkeys(pv.texte, texte))
    proces_verbaux.soumettre_pv(pv, par=agent)
    proces_verbaux.approuver_pv(pv, par=agent)
    return VersionPV.objects.get()


def octets(document: Document) -> bytes:
    assert fabriquer_document(document.pk)
    document.refresh_from_db()
    return Path(document.fichier.path).read_bytes()


def test_the_pdf_passes_pdf_ua_and_pdf_a(version):
    for document in (version.document, version.document_public, version.proces_verbal.feuille):
        contenu = octets(document)
        for profil in ("ua1", "3a"):
            assert fautes_pdf(contenu, profil) == [], document.titre


def test_the_validator_refuses_what_lacks_its_tags(version):
    """Shows that the validator of the test above does refuse faults."""
    contenu = octets(version.document)
    with pikepdf.open(io.BytesIO(contenu)) as pdf:
        del pdf.Root.StructTreeRoot
        abime = io.BytesIO()
        pdf.save(abime)

    assert not page.validate_pdf_bytes(abime.getvalue(), profile="ua1").is_compliant


def test_a_page_without_its_title_is_refused(version, caplog):
    html = rediger_document(version.document).replace(f"<title>{version.document.titre}</title>", "")
    with pytest.raises(PdfImpossible):
        fabriquer_pdf(html)
    caplog.clear()


def test_the_pdf_carries_the_data_of_the_seance(version):
    with pikepdf.open(io.BytesIO(octets(version.document))) as pdf:
        joint = json.loads(pdf.attachments["seance.json"].get_file().read_bytes())
    with pikepdf.open(io.BytesIO(octets(version.document_public))) as pdf:
        public = json.loads(pdf.attachments["seance.json"].get_file().read_bytes())

    assert joint == version.donnees
    assert [p["titre"] for p in public["points"]] == [
        p["titre"] for p in joint["points"] if not p["est_confidentiel"]
    ]
