"""Health check for monitoring: database, broker, disk and folder, workers, beat, periodic tasks, letters, copies."""

import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.db.models import Count, Min, Q
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from participation.socle.courriels.transport import COUPE, MUET
from participation.socle.fichiers import partage
from participation.socle.francais import accorder
from participation.socle.http.decorateurs import publique
from participation.socle.models import Battement, Courriel
from participation.socle.travaux import passages

SILENCE_MAX = {"worker": 45, "codes": 45, "horloge": 120}  # seconds
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

    503 when what people do is not kept (database, folder of files) or leads to nothing (workers). With
    `?strict=1`, 503 as soon as one component fails.
    """
    base = _base()
    composants = {
        "base": base,
        "courtier": _courtier(),
        "disque": _disque(),
        **{nom: _seulement_si(base, sonde) for nom, sonde in SONDES.items()},
    }
    tout_va = all(composant.ok for composant in composants.values())
    sert = all(composants[nom].ok for nom in INDISPENSABLES)
    en_service = tout_va if request.GET.get("strict") == "1" else sert
    return JsonResponse(
        {
            "etat": "ok" if tout_va else "degrade" if sert else "panne",
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
    """Check the broker (Redis), which must write too. No letter is lost while it is down: they wait in the database."""
    if not settings.BROKER_URL:
        return Composant(False, "aucun n’est réglé")
    import redis

    try:
        with redis.Redis.from_url(
            settings.BROKER_URL, socket_connect_timeout=1, socket_timeout=1, retry=None
        ) as client:
            client.set("participation:sante", "1", ex=60)
    except redis.ResponseError as refus:
        return Composant(False, f"répond, mais n’écrit pas ({str(refus).partition(' ')[0]})")
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
    libres = shutil.disk_usage(settings.DOSSIER_DONNEES).free // 10**6
    if libres < settings.DISQUE_LIBRE_MIN:
        return Composant(False, f"bientôt plein : il reste {libres} Mo")
    return Composant(True, "on peut écrire")


def _fichiers() -> Composant:
    reproche = partage.reproche()
    return Composant(not reproche, reproche or "le dossier est celui de la base")


def _battement(nom: str) -> Composant:
    battement = Battement.objects.filter(nom=nom).first()
    if battement is None:
        return Composant(False, "n’a jamais donné signe de vie")
    age = int((timezone.now() - battement.le).total_seconds())
    if age < -SILENCE_MAX[nom]:
        return Composant(False, "a donné signe de vie à une date à venir : l’heure a sauté", age)
    if age > SILENCE_MAX[nom]:
        return Composant(False, "ne donne plus signe de vie", age)
    return Composant(True, "vit", max(0, age))


def _taches() -> Composant:
    """Check that each periodic task succeeded in its time, and that none was given up."""
    phrases = passages.reproches(timezone.now())
    return Composant(not phrases, " ; ".join(phrases) or "chacune est passée à son heure")


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
    retenus = Courriel.objects.filter(etat=Courriel.Etat.RETENU).aggregate(
        n=Count("pk"), depuis=Min("cree_le")
    )
    if retenus["n"]:
        return Composant(
            False,
            f"{accorder(retenus['n'], 'lettre retenue')} après une restauration : un agent en décide",
            int((timezone.now() - retenus["depuis"]).total_seconds()),
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


SONDES: dict[str, Callable[[], Composant]] = {
    "fichiers": _fichiers,
    "worker": partial(_battement, "worker"),
    "codes": partial(_battement, "codes"),
    "horloge": partial(_battement, "horloge"),
    "taches": _taches,
    "courriels": _courriels,
    "copies": _copies,
}
INDISPENSABLES = ("base", "fichiers", "worker", "codes")
