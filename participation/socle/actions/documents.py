"""PDFs made by the service: requested in an act, made by a worker, frozen once adopted or sent."""

import hashlib
import logging
from collections.abc import Iterable, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F
from django.template.loader import get_template, render_to_string
from django.utils import timezone

from participation.socle.actions.avancer import consigner, enregistrer
from participation.socle.bd.verrous import verrou_de_session
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.fichiers.pdf import PieceEmbarquee, fabriquer_pdf
from participation.socle.models import Compte, Document, Dossier, ReglageService
from participation.socle.travaux.differes import confier

TACHE = "participation.socle.tasks.fabriquer_document"
TENTATIVES_MAX = 3
ABANDON = 120  # seconds
journal = logging.getLogger(__name__)


@transaction.atomic
def demander_document(
    *,
    nature: str,
    titre: str,
    dossier: Dossier | None = None,
    donnees: dict[str, Any] | None = None,
    par: Compte | None = None,
    est_public: bool = False,
    est_interne: bool = False,
) -> Document:
    """Ask for the PDF of `templates/pdf/<nature>.html`, which a worker makes after the commit.

    The template gets `donnees` (JSON values), each value also under its own name, `document`, `dossier` (the
    row of the app), `service` (ReglageService) and `site`. Raises TemplateDoesNotExist here rather than in
    the worker.
    """
    get_template(gabarit(nature))
    document = enregistrer(
        Document(
            nature=nature,
            titre=titre[:160],
            dossier_id=dossier.pk if dossier else None,
            donnees=donnees or {},
            par=par,
            est_public=est_public,
            est_interne=est_interne,
        )
    )
    confier(TACHE, document.pk)
    return document


@transaction.atomic
def redemander_document(document: Document, *, par: Compte | None = None) -> None:
    """Make the PDF again at the same address, after a failure or a change of its data.

    Raises ActeInterdit once the document is frozen.
    """
    document.refresh_from_db(from_queryset=Document.objects.select_for_update())
    if document.fige_le is not None:
        raise ActeInterdit("Ce document est figé : il ne peut plus être refait.")
    document.etat, document.progression, document.erreur = Document.Etat.EN_PREPARATION, 0, ""
    document.tentatives, document.demande_le = 0, timezone.now()
    document.par = par or document.par
    document.save()
    confier(TACHE, document.pk)


@transaction.atomic
def figer_document(document: Document, *, par: Compte | None) -> None:
    """Freeze an adopted or sent document: neither its file nor its hash can change any more.

    Raises ActeInterdit (not ready, or already frozen), ErreurMetier (the file on disk is missing or was
    changed).
    """
    document.refresh_from_db(from_queryset=Document.objects.select_for_update())
    if document.fige_le is not None:
        raise ActeInterdit("Ce document est déjà figé.")
    if document.etat != Document.Etat.PRET:
        raise ActeInterdit("Ce document n’est pas prêt : il ne peut pas encore être figé.")
    if not est_intact(document):
        raise ErreurMetier(
            "Le fichier de ce document a été modifié ou a disparu. Faites-le fabriquer de nouveau."
        )
    document.fige_le = timezone.now()
    document.save(update_fields=["fige_le"])
    if document.dossier is not None:
        consigner(
            document.dossier,
            "figer_document",
            par=par,
            fait=f"Document figé : {document.titre}"[:160],
            details={"document": document.pk, "sha256": document.sha256},
        )


def est_intact(document: Document) -> bool:
    """Whether the file on disk still has the hash recorded when it was made."""
    try:
        with document.fichier.open("rb") as fichier:
            return hashlib.file_digest(fichier, "sha256").hexdigest() == document.sha256
    except (OSError, ValueError):
        return False


def fabriquer_document(numero: int) -> bool:
    """Make the PDF now, in a worker. Return True when the document is ready afterwards.

    Safe to call twice, even at once. If a worker is killed, its lock is released and the sweep calls again,
    TENTATIVES_MAX times at most.
    """
    with verrou_de_session(f"document:{numero}") as libre:
        if not libre:
            return False
        demandes = Document.objects.filter(pk=numero, etat=Document.Etat.EN_PREPARATION, fige_le=None)
        if not demandes.update(tentatives=F("tentatives") + 1, progression=10, demande_le=timezone.now()):
            return Document.objects.filter(pk=numero, etat=Document.Etat.PRET).exists()
        document = Document.objects.select_related("dossier", "par").get(pk=numero)
        if document.tentatives > TENTATIVES_MAX:
            _echouer(document, document.erreur or "Le document a fait tomber le serveur qui le fabriquait.")
            return False
        try:
            html = rediger_document(document)
            demandes.update(progression=30)
            contenu = fabriquer_pdf(html, pieces=_pieces(document))
            demandes.update(progression=90)
            _ranger(document, contenu)
        except Exception as erreur:
            # A template or a file may raise anything: the page shows the error and the sweep tries again.
            journal.exception("Document %s (%s)", document.pk, document.nature)
            demandes.update(erreur=f"{type(erreur).__name__} : {erreur}"[:1000], progression=0)
            if document.tentatives >= TENTATIVES_MAX:
                _echouer(document, f"{type(erreur).__name__} : {erreur}"[:1000])
            return False
    return True


def balayer_documents() -> int:
    """Make the documents requested ABANDON seconds ago and still not made (20 at most).

    Return how many were tried.
    """
    numeros = list(
        Document.objects.abandonnes(timedelta(seconds=ABANDON))
        .order_by("demande_le")
        .values_list("pk", flat=True)[:20]
    )
    for numero in numeros:
        fabriquer_document(numero)
    return len(numeros)


def gabarit(nature: str) -> str:
    return f"pdf/{nature}.html"


def rediger_document(document: Document) -> str:
    """Return the HTML of the document, from `templates/pdf/<nature>.html`."""
    return render_to_string(
        gabarit(document.nature),
        {
            **document.donnees,
            "donnees": document.donnees,
            "document": document,
            "dossier": document.dossier.enfant if document.dossier else None,
            "service": ReglageService.actuel(),
            "site": settings.SITE_URL,
        },
    )


def _pieces(document: Document) -> Sequence[PieceEmbarquee]:
    """Return the file to embed in the PDF, if any: `donnees["fichier_joint"] = {nom, description, texte}`."""
    joint = document.donnees.get("fichier_joint")
    if not joint:
        return ()
    return [PieceEmbarquee(joint["nom"], joint["texte"].encode(), joint["description"])]


def _ranger(document: Document, contenu: bytes) -> None:
    """Write the file, then the row. Overwrite a file left by a killed attempt, never a frozen one."""
    with transaction.atomic():
        document.refresh_from_db(from_queryset=Document.objects.select_for_update(of=("self",)))
        if document.fige_le is not None:
            return
        stockage, nom = document.fichier.storage, f"documents/{document.cle_publique}.pdf"
        if stockage.exists(nom):
            stockage.delete(nom)
        document.fichier.save(Path(nom).name, ContentFile(contenu), save=False)
        document.sha256 = hashlib.sha256(contenu).hexdigest()
        document.etat, document.progression, document.erreur = Document.Etat.PRET, 100, ""
        document.save()


def _echouer(document: Document, erreur: str) -> None:
    Document.objects.filter(pk=document.pk).update(etat=Document.Etat.ECHEC, progression=0, erreur=erreur)


@transaction.atomic
def effacer_documents(documents: Iterable[Document]) -> None:
    """Delete the rows now, and the files after the commit.

    The database refuses to delete a frozen document.
    """
    for document in documents:
        if document.fichier:
            transaction.on_commit(partial(document.fichier.storage.delete, document.fichier.name))
        document.delete()
