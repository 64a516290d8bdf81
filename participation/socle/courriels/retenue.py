"""Letters held after a restore: what may have left between the backup and it waits for an agent."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta

from celery import current_task
from django.conf import settings
from django.utils import timezone

from participation.socle.calendrier import debut_du_jour
from participation.socle.francais import jour_texte
from participation.socle.models import Courriel, Restauration

# Since when the letters being written are due; None when nothing says it.
DUE_LE: ContextVar[datetime | None] = ContextVar("due_le", default=None)


@contextmanager
def due_le(moment: datetime | date | None) -> Iterator[None]:
    """Say since when the letters written here are due: what a task tells may have been told before a restore.

    A day counts from its first minute.
    """
    instant = moment if isinstance(moment, datetime) or moment is None else debut_du_jour(moment)
    jeton = DUE_LE.set(instant)
    try:
        yield
    finally:
        DUE_LE.reset(jeton)


def retenir(courriels: Sequence[Courriel]) -> None:
    """Hold what may have left between a backup and its restore, until an agent decides.

    Somebody who acts now is answered at once. What a task writes is held when it was due before the restore;
    when the task does not say since when, for `RETENUE_HEURES` after it.
    """
    a_juger = [courriel for courriel in courriels if courriel.due_le is not None or current_task]
    restauree_le = Restauration.objects.derniere_le() if a_juger else None
    if restauree_le is None:
        return
    dans_le_doute = timezone.now() < restauree_le + timedelta(hours=settings.RETENUE_HEURES)
    for courriel in a_juger:
        est_douteuse = dans_le_doute if courriel.due_le is None else courriel.due_le <= restauree_le
        if est_douteuse:
            courriel.etat, courriel.erreur = Courriel.Etat.RETENU, retenue_de(restauree_le)


def retenue_de(restauree_le: datetime) -> str:
    jour = jour_texte(timezone.localdate(restauree_le))
    return f"Retenue à la restauration du {jour} : elle est peut-être déjà arrivée."
