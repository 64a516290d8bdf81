"""Health check for monitoring: database, broker, disk, worker, beat, the queue of letters and the copies."""

import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.db.models import Q
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from participation.socle.francais import accorder
from participation.socle.http import publique
from participation.socle.models import Battement, Courriel
from participation.socle.transport import COUPE, MUET

SILENCE_MAX = {"worker": 180, "horloge": 120}  # seconds
ATTENTE_MAX = 300  # seconds that a letter may be late
FICHIERS_COPIES = "fichiers-copies"  # touched by deploy/systemd/participation-fichiers.service
ARCHIVE = """
SELECT current_setting('archive_mode') <> 'off',
       extract(epoch FROM now() - greatest(last_archived_time, pg_postmaster_start_time()))
  FROM pg_stat_archiver
"""


@dataclass(frozen=True, slots=True)
class Composant:
    ok: bool
    detail: str
    age: int | None = None  # seconds


@publique
@never_cache
@require_safe
def sante(request: HttpRequest) -> JsonResponse:
    """Return the état of each component in JSON.

    200 as long as the database answers. With `?strict=1`, 503 as soon as one component fails.
    """
    base = _base()
    composants = {
        "base": base,
        "courtier": _courtier(),
        "disque": _disque(),
        **{
            nom: _seulement_si(base, sonde)
            for nom, sonde in {
                "worker": _worker,
                "horloge": _horloge,
                "courriels": _courriels,
                "copies": _copies,
            }.items()
        },
    }
    tout_va = all(composant.ok for composant in composants.values())
    en_service = tout_va if request.GET.get("strict") == "1" else base.ok
    return JsonResponse(
        {
            "etat": "ok" if tout_va else "degrade" if base.ok else "panne",
            "composants": {nom: asdict(composant) for nom, composant in composants.items()},
        },
        status=200 if en_service else 503,
    )


def _seulement_si(base: Composant, sonde: Callable[[], Composant]) -> Composant:
    if not base.ok:
        return Composant(False, "inconnu sans la base")
    try:
        return sonde()
    except (DatabaseError, InterfaceError):
        return Composant(False, "la base ne répond plus")


def _base() -> Composant:
    try:
        with connection.cursor() as curseur:
            curseur.execute("SELECT 1")
    except (DatabaseError, InterfaceError):
        return Composant(False, "ne répond pas")
    return Composant(True, "répond")


def _courtier() -> Composant:
    """Check the broker (Redis). No letter is lost while it is down: letters wait in the database."""
    if not settings.BROKER_URL:
        return Composant(False, "aucun n’est réglé")
    import redis

    try:
        with redis.Redis.from_url(
            settings.BROKER_URL, socket_connect_timeout=1, socket_timeout=1, retry=None
        ) as client:
            client.ping()
    except (redis.RedisError, OSError, ValueError):
        return Composant(False, "ne répond pas")
    return Composant(True, "répond")


def _disque() -> Composant:
    try:
        settings.DOSSIER_DONNEES.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=settings.DOSSIER_DONNEES) as essai:
            essai.write(b"sante")
            essai.flush()
    except OSError as erreur:
        return Composant(False, f"impossible d’écrire ({erreur.strerror})")
    return Composant(True, "on peut écrire")


def _worker() -> Composant:
    return _battement("worker")


def _horloge() -> Composant:
    return _battement("horloge")


def _battement(nom: str) -> Composant:
    battement = Battement.objects.filter(nom=nom).first()
    if battement is None:
        return Composant(False, "n’a jamais donné signe de vie")
    age = max(0, int((timezone.now() - battement.le).total_seconds()))
    if age > SILENCE_MAX[nom]:
        return Composant(False, "ne donne plus signe de vie", age)
    return Composant(True, "vit", age)


def _courriels() -> Composant:
    attendent = Courriel.objects.filter(etat=Courriel.Etat.A_ENVOYER)
    if attendent.filter(Q(erreur__startswith=MUET) | Q(erreur__startswith=COUPE)).exists():
        return Composant(False, "le serveur de courriel ne répond pas")
    plus_ancien = (
        Courriel.objects.a_envoyer()
        .order_by("prochain_essai_le")
        .values_list("prochain_essai_le", flat=True)
        .first()
    )
    retenus = Courriel.objects.filter(etat=Courriel.Etat.RETENU).count()
    if retenus:
        return Composant(
            False, f"{accorder(retenus, 'lettre retenue')} depuis une restauration : un agent en décide"
        )
    if plus_ancien is None:
        return Composant(True, "aucun n’attend", 0)
    attente = timezone.now() - plus_ancien
    age = int(attente.total_seconds())
    if attente > timedelta(seconds=ATTENTE_MAX):
        return Composant(False, "des courriels attendent trop longtemps", age)
    return Composant(True, "des courriels partent", age)


def _copies() -> Composant:
    """Check that what arrives is copied elsewhere: the log of the database, then the files."""
    if not settings.COPIES_RETARD:
        return Composant(True, "ne sont pas surveillées")
    with connection.cursor() as curseur:
        curseur.execute(ARCHIVE)
        archivee, age_base = curseur.fetchone()
    if not archivee:
        return Composant(False, "la base n’est pas archivée")
    try:
        age_fichiers = time.time() - (settings.DOSSIER_DONNEES / FICHIERS_COPIES).stat().st_mtime
    except FileNotFoundError:
        return Composant(False, "les fichiers n’ont jamais été copiés")
    for quoi, age in (("l’archive de la base", age_base), ("la copie des fichiers", age_fichiers)):
        if age > settings.COPIES_RETARD:
            return Composant(False, f"{quoi} est en retard", int(age))
    return Composant(True, "se font", int(max(age_base, age_fichiers)))
