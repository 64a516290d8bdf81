"""Alerts by email to those who run the site: at once, rarely, and without personal data.

Not through `courrier`: it needs the database, which may be what failed.
"""

import hashlib
import logging
import time
import traceback
from collections.abc import Mapping

from django.conf import settings
from django.core.cache import cache
from django.core.mail import EmailMessage

from participation.socle.courriels.transport import Transport

REPOS = 15 * 60  # seconds before a second letter about the same failure


PAR_HEURE = 12  # letters in all


ATTENTE = 3  # seconds that a visitor may wait for the mail server


RANGS = 12  # lines of the stack in the letter, the nearest to the failure


journal = logging.getLogger(__name__)


_dites: dict[str, float] = {}


def alerter(erreur: BaseException, *, ou: str) -> bool:
    """Write to settings.ADMINS. Return True when they have been told, now or a moment ago.

    The letter holds `ou`, the type of the exception and its place in the code. Its message is left out: it
    may hold what somebody typed.
    """
    if not settings.ADMINS:
        return False
    lieux = [f"{c.filename}, ligne {c.lineno}, {c.name}" for c in traceback.extract_tb(erreur.__traceback__)]
    genre = f"{type(erreur).__module__}.{type(erreur).__name__}"
    cle = hashlib.sha256("\n".join([genre, *lieux[-1:]]).encode()).hexdigest()[:24]
    maintenant = time.monotonic()
    if maintenant < _dites.get(cle, 0.0):
        return True
    recentes = [fin for fin in _dites.values() if fin > maintenant - 3600 + REPOS]
    if len(recentes) >= PAR_HEURE:
        return True
    _oublier(maintenant)
    _dites[cle] = maintenant + REPOS
    # Another process may have sent it: the shared cache tells, when it answers.
    if not cache.add(f"alerte:{cle}", 1, REPOS):
        return True
    corps = (
        f"{genre}\n{ou}\n\n" + "\n".join(lieux[-RANGS:]) + "\n\nLe reste est dans le journal du serveur.\n"
    )
    if _envoyer(f"Panne du site : {type(erreur).__name__}", corps):
        return True
    del _dites[cle]
    cache.delete(f"alerte:{cle}")
    return False


def _oublier(maintenant: float) -> None:
    for cle in [cle for cle, fin in _dites.items() if fin < maintenant - 3600]:
        del _dites[cle]


def _envoyer(sujet: str, corps: str) -> bool:
    entetes: Mapping[str, str] = {"Auto-Submitted": "auto-generated"}
    message = EmailMessage(
        sujet,
        corps,
        settings.SERVER_EMAIL,
        [adresse for _, adresse in settings.ADMINS],
        headers=dict(entetes),
    )
    try:
        with Transport(ATTENTE) as transport:
            transport.connexion.open()
            transport.connexion.send_messages([message])
    except Exception as panne:  # whatever the mail server does, the visitor gets a page
        journal.warning("Personne n’a pu être prévenu : %s", panne)
        return False
    return True
