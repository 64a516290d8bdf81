"""Files that people join: recognised by their content, cleaned if pictures, refused if dangerous."""

import hashlib
import io
import re
import threading
import unicodedata
import warnings
from dataclasses import dataclass
from pathlib import PurePosixPath
from zipfile import ZipFile

import puremagic
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from participation.socle.actions.avancer import consigner, exiger
from participation.socle.erreurs import ActeInterdit
from participation.socle.models import Compte, Dossier, ExamenPdf, Piece
from participation.socle.regles import a_part, pdf_actif

PDF = "application/pdf"
IMAGES = {"image/jpeg": ("JPEG", ".jpg"), "image/png": ("PNG", ".png"), "image/webp": ("WEBP", ".webp")}
# What an office file (a ZIP) must hold to be of its type.
ARCHIVES = {
    ".docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "word/document.xml"),
    ".xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xl/workbook.xml"),
    ".odt": ("application/vnd.oasis.opendocument.text", "content.xml"),
    ".pptx": (
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "ppt/presentation.xml",
    ),
    ".odp": ("application/vnd.oasis.opendocument.presentation", "content.xml"),
    ".ods": ("application/vnd.oasis.opendocument.spreadsheet", "content.xml"),
}
TEXTES = {".txt": "text/plain", ".csv": "text/csv"}
EXTENSIONS = frozenset({".pdf", ".jpg", ".jpeg", ".png", ".webp", *ARCHIVES, *TEXTES})
ACCEPTES = "PDF, image (JPEG, PNG, WebP), document ODT ou DOCX, tableur ODS, XLSX ou CSV, présentation ODP ou PPTX, texte"
PIXELS_MAX = 25_000_000
COTE_MAX = 4000  # pixels: enough to read a scanned A4 page at 300 dpi
ARCHIVE_MAX = 200 * 1024 * 1024  # bytes once unzipped
# Redrawing a picture of 25 million pixels takes some 200 MB: one at a time in each process.
DESSIN, DESSIN_ATTENTE = threading.Lock(), 15.0  # seconds
# Passes over a progressive JPEG: cameras and programs make some ten. A few bytes ask for one more over the whole
# picture, so that a small file could last an hour.
PASSES_MAX = 40
PASSE, FIN = b"\xda", b"\xd9"
MARQUE = re.compile(rb"\xff([^\x00\x01\xd0-\xd8\xff])")  # those that a length follows, and the end


@dataclass(frozen=True, slots=True)
class ContenuReconnu:
    octets: bytes
    type_mime: str
    extension: str


@transaction.atomic
def joindre_piece(
    dossier: Dossier, *, par: Compte, fichier: UploadedFile, titre: str, est_publique: bool = False
) -> Piece:
    """Join a file to a dossier, by an agent. Raises as `joindre`, and as `exiger`."""
    exiger(dossier.enfant, "joindre_piece", par=par)
    return joindre(dossier, fichier=fichier, titre=titre, par=par, est_publique=est_publique)


@transaction.atomic
def joindre(
    dossier: Dossier,
    *,
    fichier: UploadedFile,
    titre: str,
    par: Compte | None,
    est_publique: bool = False,
    parmi: QuerySet[Piece] | None = None,
) -> Piece:
    """Keep a file sent by somebody. `parmi`: return the one among these that already is this file.

    Raises ValidationError on the field « fichier », with a sentence that says what to do.
    """
    contenu = reconnaitre(fichier)
    Dossier.objects.select_for_update(no_key=True).get(pk=dossier.pk)
    empreinte = hashlib.sha256(contenu.octets).hexdigest()
    deja = dossier.pieces.filter(sha256=empreinte, retiree_le=None).first()
    if deja is not None:
        if parmi is not None and parmi.filter(pk=deja.pk).exists():
            return deja
        raise refus(f"Ce fichier est déjà joint à ce dossier, sous le titre « {deja.titre} ».", "deja_joint")
    nom = nommer(fichier.name or "", contenu.extension)
    piece = Piece(
        dossier_id=dossier.pk,
        titre=(titre.strip() or nom)[:160],
        nom=nom,
        type_mime=contenu.type_mime,
        taille=len(contenu.octets),
        sha256=empreinte,
        est_publique=est_publique,
        par=par,
    )
    piece.full_clean(exclude=["fichier"])
    piece.fichier.save(nom, ContentFile(contenu.octets), save=False)
    try:
        piece.save()
        consigner(
            dossier,
            "joindre_piece",
            par=par,
            fait=f"Pièce jointe : {piece.titre}"[:160],
            details={"piece": piece.pk, "sha256": empreinte},
        )
    except Exception:
        piece.fichier.storage.delete(piece.fichier.name)
        raise
    return piece


def joindre_photo(dossier: Dossier, octets: bytes, *, titre: str, par: Compte | None) -> Piece:
    """Join the photo that a person sent: its name is ours, since the one she gave may say who she is.

    Raises as `joindre`.
    """
    nom = f"photo-{dossier.pieces.filter(type_mime__in=IMAGES).count() + 1}.jpg"
    return joindre(dossier, fichier=SimpleUploadedFile(nom, octets, "image/jpeg"), titre=titre, par=par)


@transaction.atomic
def retirer_piece(piece: Piece, *, par: Compte | None, motif: str = "") -> None:
    """Withdraw a pièce from every page. Its file stays, so that the journal remains true."""
    piece.refresh_from_db(from_queryset=Piece.objects.select_for_update())
    if piece.retiree_le is not None:
        raise ActeInterdit("Cette pièce est déjà retirée.")
    piece.retiree_le = timezone.now()
    piece.save(update_fields=["retiree_le"])
    consigner(
        piece.dossier,
        "retirer_piece",
        par=par,
        fait=f"Pièce retirée : {piece.titre}"[:160],
        motif=motif,
        details={"piece": piece.pk, "sha256": piece.sha256},
    )


# Extensions of pictures.
PHOTOS = frozenset({".jpg", ".jpeg", ".png", ".webp"})


def poids(octets: int) -> str:
    """Return a size in words: 850 Ko, 12,4 Mo."""
    ko = octets / 1024
    return (
        f"{ko:.0f}\u00a0Ko" if ko < 1000 else f"{ko / 1024:.1f}\u00a0Mo".replace(".0", "").replace(".", ",")
    )


def refus(message: str, code: str) -> ValidationError:
    return ValidationError({"fichier": ValidationError(message, code=code)})


def reconnaitre(fichier: UploadedFile) -> ContenuReconnu:
    """Return the content and the real type of a file, ready to be kept. For forms and actions.

    Raises ValidationError on the field « fichier ».
    """
    extension = PurePosixPath(fichier.name or "").suffix.lower()
    maximum = settings.PHOTO_TAILLE_MAX if extension in PHOTOS else settings.PIECE_TAILLE_MAX
    if not fichier.size:
        raise refus("Ce fichier est vide. Choisissez-en un autre.", "vide")
    if fichier.size > maximum:
        raise refus(
            f"Ce fichier pèse {poids(fichier.size)} : le maximum est de {poids(maximum)}. "
            "Réduisez-le ou partagez-le en plusieurs fichiers.",
            "trop_lourd",
        )
    if extension not in EXTENSIONS:
        raise refus(f"Ce type de fichier n’est pas accepté. Envoyez un fichier {ACCEPTES}.", "type_refuse")
    fichier.seek(0)
    octets = fichier.read(maximum + 1)
    type_mime = _type_reel(octets, extension)
    if type_mime is None:
        raise refus(
            f"Le contenu de ce fichier n’est pas celui d’un fichier « {extension} ». "
            "Ouvrez-le dans son logiciel, enregistrez-le de nouveau, puis renvoyez-le.",
            "contenu_autre",
        )
    if type_mime == PDF:
        _refuser_pdf(octets)
        noter_examen(hashlib.sha256(octets).hexdigest(), agit=False)
        return ContenuReconnu(octets, PDF, ".pdf")
    if type_mime in IMAGES:
        return _redessiner(octets, type_mime)
    return ContenuReconnu(octets, type_mime, extension)


def _type_reel(octets: bytes, extension: str) -> str | None:
    """Return the type found in the content when it agrees with the extension; else None."""
    if extension in TEXTES:
        return TEXTES[extension] if _est_du_texte(octets) else None
    if extension in ARCHIVES:
        type_mime, temoin = ARCHIVES[extension]
        return type_mime if _contient(octets, temoin, type_mime) else None
    try:
        vus = {trouve.mime_type for trouve in puremagic.magic_string(octets)}
    except Exception:  # malicious bytes: the library may raise anything
        return None
    attendus = {
        ".pdf": PDF,
        ".jpg": "image/jpeg",
        ".jpeg": "image/jpeg",
        ".png": "image/png",
        ".webp": "image/webp",
    }
    # A picture under the extension of another picture type is harmless, and phones often do it.
    if attendus[extension] in IMAGES:
        return next((vu for vu in IMAGES if vu in vus and _commence_comme(octets, vu)), None)
    return PDF if PDF in vus and b"%PDF-" in octets[:1024] else None


def _commence_comme(octets: bytes, type_mime: str) -> bool:
    return {
        "image/jpeg": octets.startswith(b"\xff\xd8\xff"),
        "image/png": octets.startswith(b"\x89PNG\r\n\x1a\n"),
        "image/webp": octets[:4] == b"RIFF" and octets[8:12] == b"WEBP",
    }[type_mime]


def _est_du_texte(octets: bytes) -> bool:
    if b"\x00" in octets:
        return False
    try:
        octets.decode("utf-8")
    except UnicodeDecodeError:
        # French spreadsheets still write cp1252. Binary files hold control characters that cp1252 text does
        # not.
        return not re.search(rb"[\x01-\x08\x0e-\x1f\x7f\x81\x8d\x8f\x90\x9d]", octets)
    return True


def _contient(octets: bytes, temoin: str, type_mime: str) -> bool:
    try:
        with ZipFile(io.BytesIO(octets)) as archive:
            fichiers = {info.filename: info for info in archive.infolist()}
            if any(info.flag_bits & 0x1 for info in fichiers.values()):
                raise refus(
                    "Ce document est protégé par un mot de passe. Retirez la protection, puis renvoyez-le.",
                    "protege",
                )
            if sum(info.file_size for info in fichiers.values()) > ARCHIVE_MAX:
                return False
            # Macros would run on the computer of the agent.
            if temoin not in fichiers or any("vbaproject" in nom.lower() for nom in fichiers):
                return False
            if "mimetype" in fichiers:
                with archive.open("mimetype") as dit:
                    return dit.read(200).strip() == type_mime.encode()
            return not type_mime.startswith("application/vnd.oasis")
    except ValidationError:
        raise
    except (
        Exception
    ):  # broken deflate, unknown method or version, false sizes: zipfile has no one error for them
        return False


def _refuser_pdf(octets: bytes) -> None:
    """Refuse a PDF that does not open in the time and memory given to it, and one with active content."""
    match examiner(octets):
        case 0:
            return
        case pdf_actif.PROTEGE:
            raise refus(
                "Ce PDF est protégé par un mot de passe. Retirez la protection, puis renvoyez-le.", "protege"
            )
        case pdf_actif.ABIME:
            raise refus(
                "Ce PDF est abîmé et ne s’ouvre pas. Enregistrez-le de nouveau, puis renvoyez-le.", "abime"
            )
        case pdf_actif.AGIT:
            raise refus(
                "Ce PDF contient un programme ou un formulaire animé (JavaScript), qui pourrait agir chez qui "
                "l’ouvre. Imprimez-le en PDF, puis renvoyez le fichier obtenu.",
                "actif",
            )
    raise refus(
        "Ce PDF est trop long à lire. Imprimez-le en PDF, puis renvoyez le fichier obtenu.", "trop_lourd"
    )


def examiner(octets: bytes) -> int:
    """Return 0 for a PDF that opens and does nothing, else a code of `pdf_actif`, or that of a killed process.

    When this rule becomes stricter, add 1 to `ExamenPdf.REGLE`.
    """
    memoire, secondes = settings.PDF_MEMOIRE, settings.PDF_SECONDES
    return a_part.lancer(pdf_actif, octets, str(memoire), str(secondes), secondes=2 * secondes)


def noter_examen(sha256: str, *, agit: bool) -> None:
    ExamenPdf.objects.update_or_create(
        sha256=sha256, defaults={"agit": agit, "regle": ExamenPdf.REGLE, "vu_le": timezone.now()}
    )


def _redessiner(octets: bytes, type_mime: str) -> ContenuReconnu:
    """Draw the picture again: upright, without place, date, camera or hidden data."""
    from PIL import Image

    if not DESSIN.acquire(timeout=DESSIN_ATTENTE):
        raise refus("Trop d’images arrivent en ce moment. Renvoyez celle-ci dans une minute.", "occupe")
    try:
        octets = _redessinee(octets, type_mime)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise refus(
            "Cette image est trop grande ou trop longue à ouvrir. Réduisez-la à "
            f"{PIXELS_MAX // 1_000_000} millions de pixels au plus, et enregistrez-la de nouveau.",
            "trop_grande",
        ) from None
    except Exception:  # malicious bytes: the library may raise anything
        raise refus(
            "Cette image est abîmée et ne s’ouvre pas. Enregistrez-la de nouveau, puis renvoyez-la.", "abime"
        ) from None
    finally:
        DESSIN.release()
    return ContenuReconnu(octets, type_mime, IMAGES[type_mime][1])


def _redessinee(octets: bytes, type_mime: str) -> bytes:
    from PIL import Image, ImageOps

    forme = IMAGES[type_mime][0]
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        with Image.open(io.BytesIO(octets), formats=[forme]) as image:
            if image.width * image.height > PIXELS_MAX or (forme == "JPEG" and _passes(octets) > PASSES_MAX):
                raise Image.DecompressionBombError
            # Reduced first (a JPEG is even decoded smaller), because the next steps copy the picture.
            image.thumbnail((COTE_MAX, COTE_MAX))
            ImageOps.exif_transpose(image, in_place=True)
            droite: Image.Image = image
            if forme == "JPEG" and image.mode not in {"RGB", "L"}:
                droite = image.convert("RGB")
            elif image.mode == "P":
                droite = image.convert("RGBA")
            nue = Image.new(droite.mode, droite.size)
            nue.paste(droite)
    sortie = io.BytesIO()
    nue.save(sortie, forme, quality=88)
    return sortie.getvalue()


def _passes(octets: bytes) -> int:
    """Count the passes of a JPEG, to the end of the picture: some phones put a film after it."""
    combien = ou = 0
    while (marque := MARQUE.search(octets, ou)) and marque[1] != FIN:
        combien += marque[1] == PASSE
        ou = marque.end() + int.from_bytes(octets[marque.end() : marque.end() + 2])
    return combien


def nommer(nom: str, extension: str) -> str:
    """Return a file name that every system accepts: no path, no control character, the real extension."""
    court = unicodedata.normalize("NFC", nom.replace("\\", "/").rsplit("/", 1)[-1])
    tige = re.sub(r"[^\w\s.()'’-]", "", PurePosixPath(court).stem)
    tige = re.sub(r"\s+", " ", tige).strip(" .") or "piece"
    return f"{tige[: 150 - len(extension)]}{extension}"
