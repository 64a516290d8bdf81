"""Uploaded files: content checked, metadata of pictures removed, permission checked at each download."""

import hashlib
import io
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from PIL import Image, ImageOps

from participation.socle import tasks
from participation.socle.actions import pieces
from participation.socle.actions.examens import tables
from participation.socle.actions.pieces import joindre, nommer, reconnaitre, retirer_piece
from participation.socle.erreurs import ActeInterdit
from participation.socle.models import Entree, ExamenPdf, Piece
from participation.socle.regles import pdf_actif
from tests.petitions.factories import PetitionFactory
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db


def pdf(mot_de_passe=""):
    sortie = io.BytesIO()
    document = pikepdf.new()
    document.add_blank_page()
    document.save(
        sortie, encryption=pikepdf.Encryption(owner=mot_de_passe, user=mot_de_passe) if mot_de_passe else None
    )
    return sortie.getvalue()


def image(forme="JPEG", taille=(60, 30), exif=True):
    sortie = io.BytesIO()
    dessin = Image.new("RGB", taille, "red")
    donnees = Image.Exif()
    donnees[0x0112] = 6  # to be rotated by 90°
    donnees[0x010F] = "Appareil secret"
    donnees.get_ifd(0x8825)[1] = "N"
    dessin.save(sortie, forme, **({"exif": donnees} if exif else {}))
    return sortie.getvalue()


def archive(methode=ZIP_STORED, **fichiers):
    sortie = io.BytesIO()
    with ZipFile(sortie, "w", methode) as zip_:
        for nom, texte in fichiers.items():
            zip_.writestr(nom.replace("__", "/").replace("_xml", ".xml"), texte)
    return sortie.getvalue()


def pdf_qui_agit(cle):
    """Return a PDF whose catalogue has these entries. Written by hand: a library would sort the names."""
    return (
        f"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R {cle} >>\nendobj\n"
        "2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n"
        "3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"
    ).encode()


def mal_ecrite(methode=8, version=20):
    """Return an archive with an unknown compression method or version."""
    octets = bytearray(ODT_COMPRIME)
    repertoire = octets.index(b"PK\x01\x02")
    octets[repertoire + 6 : repertoire + 8] = version.to_bytes(2, "little")
    octets[repertoire + 10 : repertoire + 12] = methode.to_bytes(2, "little")
    return bytes(octets)


DOCX = archive(**{"word__document_xml": "<w/>", "[Content_Types]_xml": "<t/>"})
XLSX = archive(xl__workbook_xml="<x/>")
ODT = archive(mimetype="application/vnd.oasis.opendocument.text", content_xml="<o/>")
ODT_COMPRIME = archive(
    ZIP_DEFLATED, mimetype="application/vnd.oasis.opendocument.text", content_xml="<o/>" * 40
)
ODP = archive(mimetype="application/vnd.oasis.opendocument.presentation", content_xml="<o/>")
EXE = b"MZ\x90\x00\x03\x00\x00\x00" + b"\x00" * 200


def televerser(nom, octets, petition=None, **champs):
    return joindre(
        petition or PetitionFactory(deposee=True),
        fichier=SimpleUploadedFile(nom, octets),
        titre=champs.pop("titre", "Plan"),
        par=champs.pop("par", None),
        **champs,
    )


def test_un_pdf_qui_ne_fait_rien_tourner_est_accepte():
    envoyer = "/AcroForm << /Fields [<< /FT /Btn /A << /S /SubmitForm /F (mailto:a@example.org) >> >>] >>"
    joint = "/Names << /EmbeddedFiles << /Names [(f.xml) << /Type /Filespec /F (f.xml) >>] >> >>"
    for cle in ("/OpenAction [3 0 R /Fit]", envoyer, joint):
        assert televerser("a.pdf", pdf_qui_agit(cle)).type_mime == "application/pdf"


def test_une_grande_image_est_reduite_avant_d_etre_tournee_et_une_seule_a_la_fois(monkeypatch):
    vues, ensemble = [], []
    tourner = ImageOps.exif_transpose

    def epier(dessin, **options):
        vues.append(dessin.size)
        ensemble.append(pieces.DESSIN.locked())
        return tourner(dessin, **options)

    monkeypatch.setattr(ImageOps, "exif_transpose", epier)
    octets = reconnaitre(SimpleUploadedFile("a.png", image("PNG", (4800, 60)))).octets
    assert vues == [(4000, 50)]
    assert Image.open(io.BytesIO(octets)).size == (50, 4000)
    assert ensemble == [True]

    monkeypatch.setattr(pieces, "DESSIN_ATTENTE", 0.01)
    with pieces.DESSIN, pytest.raises(ValidationError, match="dans une minute"):
        reconnaitre(SimpleUploadedFile("a.png", image("PNG")))


def test_au_dela_de_25_millions_de_pixels_une_image_n_est_pas_lue():
    with pytest.raises(ValidationError, match="25 millions de pixels"):
        reconnaitre(SimpleUploadedFile("a.png", image("PNG", (26_000, 1000), exif=False)))


@pytest.mark.parametrize(
    ("nom", "octets", "type_mime"),
    [
        ("a.pdf", pdf(), "application/pdf"),
        ("a.PDF", pdf(), "application/pdf"),
        ("a.jpg", image(), "image/jpeg"),
        ("a.jpeg", image(), "image/jpeg"),
        ("a.png", image("PNG"), "image/png"),
        ("a.webp", image("WEBP"), "image/webp"),
        ("a.jpg", image("PNG"), "image/png"),
        ("a.docx", DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (
            "a.pptx",
            archive(ppt__presentation_xml="<p/>"),
            "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        ),
        ("a.odp", ODP, "application/vnd.oasis.opendocument.presentation"),
        ("a.xlsx", XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("a.odt", ODT, "application/vnd.oasis.opendocument.text"),
        ("a.txt", "Été".encode(), "text/plain"),
        ("a.csv", "commune;nombre\nÉchirolles;3".encode("cp1252"), "text/csv"),
    ],
)
def test_what_is_accepted_keeps_its_real_type(nom, octets, type_mime):
    piece = televerser(nom, octets)
    assert piece.type_mime == type_mime
    assert piece.taille == Path(piece.fichier.path).stat().st_size
    assert "a.pdf" not in piece.fichier.name
    assert Entree.objects.get().details["sha256"] == piece.sha256


@pytest.mark.parametrize(
    ("nom", "octets", "code"),
    [
        ("a.pdf", b"", "vide"),
        ("a.pdf", b"%PDF-1.7" + b"x" * 600, "abime"),
        ("a.pdf", EXE, "contenu_autre"),
        ("a.exe", EXE, "type_refuse"),
        ("a.pdf.exe", pdf(), "type_refuse"),
        ("a", pdf(), "type_refuse"),
        ("a.svg", b"<svg/>", "type_refuse"),
        ("a.html", b"<script>", "type_refuse"),
        ("a.pdf", b"<html><script>alert(1)</script>", "contenu_autre"),
        ("a.jpg", EXE, "contenu_autre"),
        ("a.png", image("PNG")[:60], "abime"),
        ("a.txt", b"abc\x00\x01", "contenu_autre"),
        ("a.csv", EXE, "contenu_autre"),
        ("a.docx", XLSX, "contenu_autre"),
        ("a.docx", archive(word__document_xml="<w/>", word__vbaProject="x"), "contenu_autre"),
        ("a.ods", ODT, "contenu_autre"),
        ("a.docx", b"PK\x03\x04rien", "contenu_autre"),
        ("a.pdf", pdf("secret"), "protege"),
        ("a.pdf", pdf_qui_agit("/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"), "actif"),
        ("a.pdf", pdf_qui_agit("/AA << /WC << /S /J#61vaScript /J#53 (x) >> >>"), "actif"),
        ("a.pdf", pdf_qui_agit("/OpenAction << /S /Launch /F (cmd.exe) >>"), "actif"),
        ("a.odt", ODT_COMPRIME[:45] + b"\xff\xff\xff" + ODT_COMPRIME[48:], "contenu_autre"),
        ("a.odt", mal_ecrite(methode=77), "contenu_autre"),
        ("a.odt", mal_ecrite(version=99), "contenu_autre"),
    ],
)
def test_what_is_refused_is_refused_with_a_reason(nom, octets, code):
    with pytest.raises(ValidationError) as refus:
        televerser(nom, octets)

    [erreur] = refus.value.error_dict["fichier"]
    assert erreur.code == code
    assert str(erreur.message).endswith(".")
    assert not Piece.objects.exists()
    assert not Entree.objects.exists()


def test_a_file_too_heavy_says_both_weights(settings):
    settings.PIECE_TAILLE_MAX = 2 * 1024 * 1024
    with pytest.raises(ValidationError) as refus:
        televerser("a.txt", b"x" * (5 * 1024 * 1024 // 2))
    [phrase] = refus.value.message_dict["fichier"]
    assert "2,5\u00a0Mo : le maximum est de 2\u00a0Mo" in phrase


def test_a_picture_is_upright_and_says_nothing_of_its_author():
    piece = televerser("photo.jpg", image() + b"ce qui suit l'image")
    with Image.open(piece.fichier.path) as dessin:
        assert dessin.size == (30, 60)
        assert not dessin.getexif()
    octets = Path(piece.fichier.path).read_bytes()
    assert b"secret" not in octets
    assert b"ce qui suit" not in octets


def test_a_picture_that_would_fill_the_memory_is_refused(monkeypatch):
    monkeypatch.setattr("participation.socle.actions.pieces.PIXELS_MAX", 100)
    with pytest.raises(ValidationError, match="trop grande"):
        televerser("a.png", image("PNG"))


def test_the_same_file_is_not_joined_twice_unless_it_was_taken_out():
    petition, agent = PetitionFactory(deposee=True), CompteFactory(agent=True)
    piece = televerser("a.pdf", pdf(), petition, titre="Plan de la piste")
    with pytest.raises(ValidationError, match="Plan de la piste"):
        televerser("b.pdf", Path(piece.fichier.path).read_bytes(), petition)
    televerser("b.pdf", Path(piece.fichier.path).read_bytes())  # on another dossier

    retirer_piece(piece, par=agent, motif="erreur")
    with pytest.raises(ActeInterdit):
        retirer_piece(piece, par=agent)
    televerser("b.pdf", Path(piece.fichier.path).read_bytes(), petition)

    assert [entree.acte for entree in petition.journal.order_by("pk")] == [
        "joindre_piece",
        "retirer_piece",
        "joindre_piece",
    ]


@pytest.mark.parametrize(
    ("nom", "propre"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Documents\\Plan été.pdf", "Plan été.pdf"),
        ('a"b\r\nSet-Cookie: x.pdf', "ab Set-Cookie x.pdf"),
        (".pdf", "pdf.pdf"),
        ("…", "piece.pdf"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
    ],
)
def test_names_are_made_safe(nom, propre):
    assert nommer(nom, ".pdf") == propre


@pytest.mark.parametrize(
    ("qui", "est_publique", "retiree", "statut"),
    [
        ("anonyme", True, False, 200),
        ("anonyme", False, False, 302),
        ("anonyme", True, True, 404),
        ("autre", False, False, 404),
        ("auteur", False, False, 200),
        ("agent", False, False, 200),
        ("agent", False, True, 404),
    ],
)
def test_who_may_have_a_piece(client, qui, est_publique, retiree, statut):
    petition = PetitionFactory(en_collecte=True)
    piece = televerser("a.docx", DOCX, petition, est_publique=est_publique)
    if retiree:
        retirer_piece(piece, par=None)
    if qui != "anonyme":
        client.force_login(
            {"auteur": petition.auteur, "autre": CompteFactory(), "agent": CompteFactory(agent=True)}[qui]
        )

    reponse = client.get(reverse("socle:piece", args=[piece.pk]))

    assert reponse.status_code == statut
    if statut == 200:
        assert reponse.getvalue() == DOCX
        assert reponse["Content-Disposition"].startswith("attachment")
        assert reponse["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in reponse["Content-Security-Policy"]


def test_pictures_and_pdf_are_shown_and_text_is_never_a_page(client):
    client.force_login(CompteFactory(agent=True))
    for nom, octets, debut, type_mime in (
        ("a.jpg", image(), "inline", "image/jpeg"),
        ("a.pdf", pdf(), "inline", "application/pdf"),
        ("a.csv", b"<script>alert(1)</script>", "attachment", "text/plain; charset=utf-8"),
    ):
        reponse = client.get(reverse("socle:piece", args=[televerser(nom, octets).pk]))
        assert reponse.getvalue()
        assert reponse["Content-Disposition"].startswith(debut)
        assert reponse["Content-Type"] == type_mime


def ancienne(octets, **champs):
    """A PDF uploaded before the check of its actions existed."""
    piece = televerser("ancien.pdf", pdf(), **champs)
    Path(piece.fichier.path).write_bytes(octets)
    Piece.objects.filter(pk=piece.pk).update(sha256=hashlib.sha256(octets).hexdigest())
    ExamenPdf.objects.all().delete()
    return piece


def disposition(client, piece, **entetes):
    reponse = client.get(reverse("socle:piece", args=[piece.pk]), headers=entetes)
    if reponse.status_code == 200:
        assert reponse.getvalue()
    return reponse.status_code, reponse.get("Content-Disposition", "").split(";")[0], reponse["ETag"]


@pytest.mark.parametrize(
    ("octets", "ensuite"),
    [
        (pdf(), "inline"),
        (pdf_qui_agit("/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"), "attachment"),
        (pdf("secret"), "attachment"),
    ],
)
def test_a_pdf_kept_since_before_the_check_is_shown_only_once_seen_to_do_nothing(client, octets, ensuite):
    client.force_login(CompteFactory(agent=True))
    piece = ancienne(octets)
    statut, comment, etag = disposition(client, piece)
    assert (statut, comment) == (200, "attachment")

    ecrit = io.StringIO()
    call_command("examiner_pdf", stdout=ecrit)

    gardee = {"if-none-match": etag}  # the browser that was asked first
    assert disposition(client, piece, **gardee)[0] == (200 if ensuite == "inline" else 304)
    assert disposition(client, piece)[:2] == (200, ensuite)
    assert (f"socle.Piece, {piece.pk}" in ecrit.getvalue()) == (ensuite == "attachment")


def test_a_stricter_rule_looks_again_at_every_pdf_and_forgets_those_that_are_gone(client, monkeypatch):
    client.force_login(CompteFactory(agent=True))
    piece = televerser("a.pdf", pdf())
    partie = televerser("b.pdf", pdf_qui_agit("/Lang (fr)"))
    partie.delete()
    monkeypatch.setattr(ExamenPdf, "REGLE", ExamenPdf.REGLE + 1)
    monkeypatch.setattr("participation.socle.actions.examens.examiner", lambda octets: pdf_actif.AGIT)

    tasks.examiner_pdf()

    assert list(ExamenPdf.objects.values_list("sha256", "agit")) == [(piece.sha256, True)]
    assert disposition(client, piece)[:2] == (200, "attachment")


def test_every_table_of_joined_files_is_looked_at():
    assert {table._meta.label for table in tables()} >= {
        "socle.Piece",
        "seances.PieceSeance",
        "ccspl.VersionDocument",
    }


def test_a_form_heavier_than_any_is_stopped_with_a_page(client, settings):
    settings.PIECE_TAILLE_MAX, settings.PIECES_PAR_ENVOI, settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000, 1, 1000
    fichier = SimpleUploadedFile("a.txt", b"x" * 5000)
    reponse = client.post(reverse("account_login"), {"fichier": fichier})
    assert reponse.status_code == 413
    assert "trop" in reponse.content.decode()


def test_the_file_of_an_act_undone_is_not_left_on_the_disk(monkeypatch, settings):
    monkeypatch.setattr("participation.socle.actions.pieces.consigner", _tombe)
    avant = list(Path(settings.MEDIA_ROOT).glob("pieces/*"))
    with pytest.raises(RuntimeError):
        televerser("a.txt", b"abc")
    assert list(Path(settings.MEDIA_ROOT).glob("pieces/*")) == avant


def _tombe(*args, **kwargs):
    raise RuntimeError
