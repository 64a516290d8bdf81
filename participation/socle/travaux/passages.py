"""What became of each task: when it last succeeded, why it fails, and when a person must decide.

A task fails by an error, by its time limit, or when its process is killed: all are recorded here. A periodic task
runs again at its hour; another one is refused after TACHE_ESSAIS failures in a row, until an agent tries again.
"""

import json
import logging
from collections import deque
from collections.abc import Sequence
from datetime import datetime, timedelta
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from celery import Task, current_app
from celery.exceptions import Ignore, SoftTimeLimitExceeded, TimeLimitExceeded, WorkerLostError
from celery.schedules import crontab, maybe_schedule
from celery.signals import task_failure, task_success
from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Value
from django.db.models.functions import Least
from django.utils import timezone

from participation.socle.calendrier import il_y_a_plus_de
from participation.socle.erreurs import ErreurMetier
from participation.socle.francais import accorder
from participation.socle.models import Compte, Passage
from participation.socle.travaux.differes import confier

journal = logging.getLogger(__name__)

# Kinds of tasks, by the time they may take: `@shared_task(**LONGUE)`. One that says nothing is ordinary (settings).
LONGUE: dict[str, Any] = {
    "soft_time_limit": settings.TACHE_LONGUE_DUREE,
    "time_limit": settings.TACHE_LONGUE_DUREE + settings.TACHE_SURSIS,
}


def dit(mots: str) -> dict[str, Any]:
    """Say what a task does, for an agent who is told that it stopped: `@shared_task(**dit("Lire un courriel"))`."""
    return {"dit": mots}


ECHECS_COMPTES = 1000


# By task: when it runs; after how many seconds a run that could not begin is dropped; its queue, if it has its own.
Horaire = dict[str, tuple[float | crontab, int] | tuple[float | crontab, int, str]]

JOURS_GARDES = 30  # of a failure that nothing tries again


_tuees: deque[str] = deque(maxlen=100)  # Celery tells several times of a task whose process was killed


def horaires() -> dict[str, dict[str, Any]]:
    """Return the `HORAIRE` of all installed apps, in the form of beat: name → task, schedule, options."""
    modules = [f"{app.name}.tasks" for app in apps.get_app_configs()]
    tables = [getattr(import_module(nom), "HORAIRE", {}) for nom in modules if find_spec(nom) is not None]
    return {
        tache: {
            "task": tache,
            "schedule": quand,
            "options": {"expires": expire} | ({"queue": file[0]} if file else {}),
        }
        for table in tables
        for tache, (quand, expire, *file) in table.items()
    }


def dire_arguments(arguments: Sequence[Any]) -> str:
    """Return the arguments of a task as its row keeps them: numbers and keys, never a person."""
    return json.dumps(list(arguments))[:200] if arguments else ""


class TacheSuivie(Task[Any, Any]):
    """A task that is no longer tried after TACHE_ESSAIS failures in a row; periodic ones always are."""

    abstract = True

    def before_start(self, task_id: str, args: Sequence[Any], kwargs: dict[str, Any]) -> None:
        if args and a_decider().filter(tache=self.name, arguments=dire_arguments(args)).exists():
            raise Ignore


def a_decider() -> Any:
    """Return the tasks that failed too often: an agent decides whether they are tried again."""
    return Passage.objects.exclude(arguments="").filter(echecs__gte=settings.TACHE_ESSAIS)


def noter_reussite(tache: str, arguments: Sequence[Any] = ()) -> None:
    if arguments:
        Passage.objects.filter(tache=tache, arguments=dire_arguments(arguments)).delete()
        return
    if tache in horaires():
        le = timezone.now()
        neuf = {"le": le, "essai_le": le, "echecs": 0, "erreur": ""}
        Passage.objects.update_or_create(tache=tache, arguments="", defaults=neuf)


def revenir_du_futur() -> None:
    """Date of now what ran at a time to come: the clock had jumped, and the tasks of the night would seem wrong until then."""
    maintenant = timezone.now()
    Passage.objects.filter(le__gt=maintenant).update(le=maintenant)
    Passage.objects.filter(essai_le__gt=maintenant).update(essai_le=maintenant)


def noter_echec(tache: str, arguments: Sequence[Any], erreur: BaseException) -> None:
    passage, _ = Passage.objects.get_or_create(tache=tache, arguments=dire_arguments(arguments))
    Passage.objects.filter(pk=passage.pk).update(
        echecs=Least(F("echecs") + 1, Value(ECHECS_COMPTES)),
        erreur=dire_erreur(erreur)[:300],
        essai_le=timezone.now(),
    )


def dire_erreur(erreur: BaseException) -> str:
    """Return the reason, without the text of the error, which may name a person."""
    if isinstance(erreur, SoftTimeLimitExceeded | TimeLimitExceeded):
        return "elle a duré plus que le temps permis"
    if isinstance(erreur, WorkerLostError):
        return "le processus qui la faisait a été tué (mémoire ?)"
    return erreur.message if isinstance(erreur, ErreurMetier) else f"erreur {type(erreur).__name__}"


@task_success.connect
def _a_reussi(sender: Any = None, **options: Any) -> None:
    noter_reussite(sender.name, sender.request.args or ())


@task_failure.connect
def _a_echoue(
    sender: Any = None,
    task_id: str = "",
    exception: BaseException | None = None,
    args: Any = (),
    **options: Any,
) -> None:
    if exception is None or task_id in _tuees:
        return
    noter_echec(sender.name, args or (), exception)
    if isinstance(exception, TimeLimitExceeded | WorkerLostError):
        _tuees.append(task_id)
        connection.close()  # told by the main process, whose children must not inherit a connection


def annoncer_les_periodiques() -> None:
    """Give a row to each periodic task, so that one which never runs is seen; forget those that are no more."""
    Passage.objects.bulk_create([Passage(tache=tache) for tache in horaires()], ignore_conflicts=True)
    Passage.objects.filter(arguments="").exclude(tache__in=horaires()).delete()


def oublier_les_vieux() -> None:
    """Forget the failures that nothing has tried again for long."""
    Passage.objects.exclude(arguments="").filter(essai_le__lt=il_y_a_plus_de(JOURS_GARDES)).delete()


def dus_le(tache: str, le: datetime) -> datetime:
    """Return when `tache`, which last succeeded at `le`, is next due."""
    horaire: Any = maybe_schedule(horaires()[tache]["schedule"], app=current_app)
    du: datetime = timezone.now() + horaire.remaining_estimate(timezone.localtime(le))
    return du


def reproches(maintenant: datetime) -> list[str]:
    """Return, as sentences, the periodic tasks that failed last time or missed their time; then the stopped ones."""
    phrases = []
    for passage in Passage.objects.filter(arguments="", tache__in=horaires()).order_by("tache"):
        retard = maintenant - dus_le(passage.tache, passage.le)
        if passage.echecs:
            phrases.append(f"{passage.tache} a échoué {passage.echecs} fois : {passage.erreur}")
        elif retard > timedelta(seconds=settings.TACHE_RETARD):
            minutes = int((maintenant - passage.le).total_seconds() // 60)
            phrases.append(f"{passage.tache} n’a pas tourné depuis {accorder(minutes, 'minute')}")
        elif passage.le > maintenant + timedelta(seconds=settings.TACHE_RETARD):
            phrases.append(f"{passage.tache} a tourné à une date à venir : l’heure d’une machine a sauté")
    if arretees := a_decider().count():
        phrases.append(f"{accorder(arretees, 'tâche arrêtée', 'tâches arrêtées')} : un agent en décide")
    return phrases


@transaction.atomic
def retenter(*, par: Compte) -> int:
    """Give all of them back to the workers, their failures forgotten. Return their number."""
    arretes = list(a_decider().select_for_update())
    for passage in arretes:
        passage.delete()
        try:
            arguments = json.loads(passage.arguments)
        except ValueError:  # too long to be kept: its sweep takes it up
            continue
        confier(passage.tache, *arguments)
    journal.info("%s travaux arrêtés repartent, par le compte %s", len(arretes), par.pk)
    return len(arretes)
