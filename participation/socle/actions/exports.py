"""Large tables written by a worker outside the request, and kept `EXPORTS_HEURES` hours."""

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

from participation.socle.bd.verrous import verrou_de_session
from participation.socle.calendrier import est_loin
from participation.socle.models import Compte, Export
from participation.socle.travaux.differes import EN_NOMBRE, confier

TACHE = "participation.socle.tasks.ecrire_export"
TENTATIVES_MAX = 3
ABANDON = timedelta(minutes=2)
PAS = 2000  # lines between two updates of the progress
T = TypeVar("T")
journal = logging.getLogger(__name__)


@transaction.atomic
def demander_export(*, cle: str, par: Compte, adresse: str, nom: str, total: int) -> Export:
    """Return the export of these rows: the one ready or being written, or else a new one given to the worker.

    A failed export is tried again.
    """
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
    """Write the file now, in a worker.

    Safe to call twice, even at once. `lire` yields the bytes of the file.
    """
    with verrou_de_session(f"export:{numero}") as libre:
        demandes = Export.objects.filter(pk=numero, etat=Export.Etat.EN_PREPARATION)
        if not libre or not demandes.update(
            tentatives=F("tentatives") + 1, demande_le=timezone.now(), ecrites=0
        ):
            return False
        export = Export.objects.select_related("compte").get(pk=numero)
        if export.tentatives > TENTATIVES_MAX:  # each time, its worker was killed
            demandes.update(etat=Export.Etat.ECHEC)
            return False
        try:
            with tempfile.TemporaryFile() as brouillon:
                for morceau in lire(export):
                    brouillon.write(morceau)
                brouillon.seek(0)
                export.fichier.save(export.nom, File(brouillon), save=False)
        except Exception:
            # A list may raise anything: the page shows the failure and the sweep tries again.
            journal.exception("Export %s (%s)", export.pk, export.adresse)
            if export.tentatives >= TENTATIVES_MAX:
                demandes.update(etat=Export.Etat.ECHEC)
            return False
        demandes.update(etat=Export.Etat.PRET, ecrites=F("total"), fichier=export.fichier.name)
    return True


def en_le_disant(export: Export, lignes: Iterable[T]) -> Iterator[T]:
    """Yield the same lines, and save the progress every PAS lines for the page that waits."""
    for rang, ligne in enumerate(lignes, start=1):
        if rang % PAS == 0:
            Export.objects.filter(pk=export.pk).update(ecrites=rang, demande_le=timezone.now())
        yield ligne


def exports_abandonnes() -> list[int]:
    """Return the exports that nobody writes: the worker was killed, or the broker lost the request."""
    delaisses = Export.objects.filter(est_loin("demande_le", ABANDON), etat=Export.Etat.EN_PREPARATION)
    return list(delaisses.order_by("demande_le").values_list("pk", flat=True)[:20])


def effacer_exports() -> int:
    """Erase exports `EXPORTS_HEURES` hours after they were asked for: they hold names and addresses.

    Files are found by their age, so that a closed account leaves none behind. Return the number of rows
    erased.
    """
    limite = timezone.now() - timedelta(hours=settings.EXPORTS_HEURES)
    combien, _ = Export.objects.filter(demande_le__lt=limite).delete()
    for fichier in (Path(settings.MEDIA_ROOT) / "exports").glob("*"):
        if fichier.is_file() and fichier.stat().st_mtime < limite.timestamp():
            fichier.unlink(missing_ok=True)
    return combien
