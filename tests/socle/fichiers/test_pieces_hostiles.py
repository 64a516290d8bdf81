"""Files made to last or to swell: what they take of the site while somebody waits is bounded."""

import contextlib
import io
import random
import zlib
from pathlib import Path
from types import ModuleType

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from participation.socle.actions import pieces
from participation.socle.actions.pieces import reconnaitre
from participation.socle.regles import a_part, pdf_actif
from tests.socle.fichiers.test_pieces import ODT_COMPRIME, image, pdf

pytestmark = pytest.mark.django_db


def pdf_qui_enfle(combien):
    """Return a PDF with a list of so many numbers, which weighs a thousand times less once compressed."""
    serre = zlib.compress(b"6 0 [" + b"1 " * combien + b"]", 6)
    objets = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>",
        b"<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream"
        % (len(serre), serre),
    ]
    octets, lignes = b"%PDF-1.5\n", [(0, 0, 0)]
    for numero, objet in enumerate(objets, 1):
        lignes.append((1, len(octets), 0))
        octets += b"%d 0 obj\n%s\nendobj\n" % (numero, objet)
    lignes += [(1, len(octets), 0), (2, 4, 0)]
    table = b"".join(bytes([genre]) + ou.to_bytes(4) + bytes([rang]) for genre, ou, rang in lignes)
    return octets + (
        b"5 0 obj\n<< /Type /XRef /Size 7 /W [1 4 1] /Root 1 0 R /Length %d >>\nstream\n%s\nendstream\nendobj\n"
        b"startxref\n%d\n%%%%EOF\n" % (len(table), table, len(octets))
    )


def test_un_pdf_qui_enfle_ne_prend_pas_la_memoire_du_site(settings):
    settings.PDF_MEMOIRE = 300 * 1024 * 1024
    assert reconnaitre(SimpleUploadedFile("a.pdf", pdf_qui_enfle(9))).type_mime == "application/pdf"

    bombe = pdf_qui_enfle(3_000_000)
    assert len(bombe) < 100_000
    with pytest.raises(ValidationError, match="Ce PDF est"):
        reconnaitre(SimpleUploadedFile("a.pdf", bombe))


def test_un_pdf_trop_long_a_lire_est_refuse_avec_ce_qu_il_faut_faire(settings):
    settings.PDF_SECONDES = 0
    with pytest.raises(ValidationError, match=r"trop long à lire. Imprimez-le"):
        reconnaitre(SimpleUploadedFile("a.pdf", pdf()))


def test_ce_qui_ne_finit_pas_est_tue(tmp_path):
    sans_fin = ModuleType("sans_fin")
    sans_fin.__file__ = str(tmp_path / "sans_fin.py")
    Path(sans_fin.__file__).write_text("while True: pass")

    assert a_part.lancer(sans_fin, b"", secondes=0.3) == a_part.TROP_LONG


def test_une_image_qui_se_redessine_sans_fin_est_refusee():
    """Some forty bytes ask for one more pass over the whole picture."""
    sortie = io.BytesIO()
    Image.new("RGB", (60, 30), "red").save(sortie, "JPEG", progressive=True)
    octets = sortie.getvalue()
    assert reconnaitre(SimpleUploadedFile("a.jpg", octets)).type_mime == "image/jpeg"
    passe = octets[octets.rindex(b"\xff\xda") : -2]
    film = octets + b"\xff\xda\x00" * 1000  # what some phones put after the picture
    assert reconnaitre(SimpleUploadedFile("a.jpg", film)).type_mime == "image/jpeg"

    with pytest.raises(ValidationError, match="trop longue à ouvrir"):
        reconnaitre(SimpleUploadedFile("a.jpg", octets[:-2] + passe * 50 + octets[-2:]))


def test_des_octets_abimes_sont_une_phrase_jamais_une_panne(monkeypatch):
    """A few bytes of each accepted kind of file are changed at random: kept, or refused with a reason."""
    monkeypatch.setattr(pieces, "examiner", pdf_actif.examiner)  # three hundred processes would take a minute
    hasard = random.Random(7)
    for nom, octets in (
        ("a.odt", ODT_COMPRIME),
        ("a.pdf", pdf()),
        ("a.png", image("PNG")),
        ("a.webp", image("WEBP")),
        ("a.jpg", image()),
    ):
        for _ in range(60):
            abimes = bytearray(octets)
            for _ in range(hasard.randint(1, 6)):
                abimes[hasard.randrange(len(abimes))] = hasard.randrange(256)
            with contextlib.suppress(ValidationError):
                reconnaitre(SimpleUploadedFile(nom, bytes(abimes)))
