"""Large tables, written beside the request: asked for once, by a worker, then kept a day."""

import logging
import tempfile
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from participation.socle.models import Compte, Export
from participation.socle.taches_differees import EN_NOMBRE, confier
from participation.socle.verrous import verrou_de_session

TACHE = "participation.socle.tasks.ecrire_export"
TENTATIVES_MAX = 3
ABANDON = timedelta(minutes=2)
PAS = 2000  # lines between two words on the progress
T = TypeVar("T")
journal = logging.getLogger(__name__)


@transaction.atomic
def demander_export(*, cle: str, par: Compte, adresse: str, nom: str, total: int) -> Export:
    """The file of these rows: the one that is there or being written, else one is asked for."""
    export, nouveau = Export.objects.get_or_create(
        cle=cle, defaults={"compte": par, "adresse": adresse, "nom": nom, "total": total}
    )
    if not nouveau and export.etat == Export.Etat.ECHEC:
        export.etat, export.tentatives, export.ecrites = Export.Etat.EN_PREPARATION, 0, 0
        export.demande_le = timezone.now()
        export.save()
        nouveau = True
    if nouveau:
        confier(TACHE, export.pk, priorite=EN_NOMBRE)
    return export


def ecrire_export(numero: int, lire: Callable[[Export], Iterable[bytes]]) -> bool:
    """Write the file now, in a worker; safe to call again or twice at once. `lire` gives its bytes as they come."""
    with verrou_de_session(f"export:{numero}") as libre:
        demandes = Export.objects.filter(pk=numero, etat=Export.Etat.EN_PREPARATION)
        if not libre or not demandes.update(
            tentatives=F("tentatives") + 1, demande_le=timezone.now(), ecrites=0
        ):
            return False
        export = Export.objects.select_related("compte").get(pk=numero)
        try:
            with tempfile.TemporaryFile() as brouillon:
                for morceau in lire(export):
                    brouillon.write(morceau)
                brouillon.seek(0)
                export.fichier.save(export.nom, File(brouillon), save=False)
        except Exception:
            # Whatever a list may raise: said on the page, tried again by the sweep.
            journal.exception("Export %s (%s)", export.pk, export.adresse)
            if export.tentatives >= TENTATIVES_MAX:
                demandes.update(etat=Export.Etat.ECHEC)
            return False
        demandes.update(etat=Export.Etat.PRET, ecrites=F("total"), fichier=export.fichier.name)
    return True


def en_le_disant(export: Export, lignes: Iterable[T]) -> Iterator[T]:
    """The same lines; the page hears how many were written."""
    for rang, ligne in enumerate(lignes, start=1):
        if rang % PAS == 0:
            Export.objects.filter(pk=export.pk).update(ecrites=rang, demande_le=timezone.now())
        yield ligne


def exports_abandonnes() -> list[int]:
    """Asked for, and written by nobody: the worker was killed, or the broker lost the request."""
    delaisses = Export.objects.filter(
        etat=Export.Etat.EN_PREPARATION, demande_le__lt=timezone.now() - ABANDON
    )
    return list(delaisses.order_by("demande_le").values_list("pk", flat=True)[:20])


def effacer_exports() -> int:
    """They hold names and addresses: forgotten settings.EXPORTS_HEURES hours after they were asked for.

    Files are looked for by their age, so that an account closed meanwhile leaves none behind.
    """
    limite = timezone.now() - timedelta(hours=settings.EXPORTS_HEURES)
    combien, _ = Export.objects.filter(demande_le__lt=limite).delete()
    for fichier in (Path(settings.MEDIA_ROOT) / "exports").glob("*"):
        if fichier.is_file() and fichier.stat().st_mtime < limite.timestamp():
            fichier.unlink(missing_ok=True)
    return combien
