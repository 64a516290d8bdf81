"""Periodic and on-demand tasks of the remontées."""

import logging

from celery import shared_task
from celery.schedules import crontab
from django.conf import settings

from participation.socle.erreurs import ErreurMetier
from participation.socle.travaux.passages import LONGUE, Horaire, dit
from remontees.boite import actes as boite
from remontees.boite import releve
from remontees.messages import actes as messages
from remontees.messages import satisfaction
from remontees.parts import reponse
from remontees.reception import arrivees, imports
from remontees.routage import classement

journal = logging.getLogger(__name__)


@shared_task(name=arrivees.TACHE, **dit("Enregistrer une remontée reçue"))
def recevoir(cle: str) -> None:
    arrivees.recevoir(cle)


@shared_task(name="remontees.recevoir_ce_qui_attend", **LONGUE)
def recevoir_ce_qui_attend() -> None:
    """Every minute: process receptions left by a stopped worker or a lost broker message."""
    arrivees.recevoir_ce_qui_attend()


@shared_task(name="remontees.clore_les_repondues", **LONGUE)
def clore_les_repondues() -> None:
    """Every morning: close remontées answered long enough ago and not reopened."""
    reponse.clore_les_repondues()


@shared_task(name="remontees.apprendre", **LONGUE)
def apprendre() -> None:
    """Every night: learn which words go with which category."""
    classement.apprendre()


@shared_task(name="remontees.cesser_les_attentes_passees", **LONGUE)
def cesser_les_attentes_passees() -> None:
    """Every morning: end the waits whose day has passed without an answer; the legal clock runs again."""
    messages.cesser_les_attentes_passees()


@shared_task(name="remontees.relever_boite")
def relever_boite() -> None:
    """Every minute, if a mailbox is configured: fetch new mails.

    A failure is shown on the page of mails received.
    """
    if not settings.BOITE_URL:
        return
    try:
        releve.relever()
    except ErreurMetier as erreur:
        journal.warning("%s", erreur.message)


@shared_task(name=boite.TACHE, **dit("Lire un courriel reçu"))
def traiter_courriel(cle: str) -> None:
    boite.traiter(cle)


@shared_task(name="remontees.traiter_les_courriels_recus")
def traiter_les_courriels_recus() -> None:
    """Every minute: process mails left by a stopped worker or a lost broker message."""
    boite.traiter_ce_qui_attend()


@shared_task(name="remontees.effacer_les_courriels_recus", **LONGUE)
def effacer_les_courriels_recus() -> None:
    """Every night: erase mails set aside long enough ago."""
    boite.effacer_les_vieux()


@shared_task(name=imports.TACHE, **dit("Importer un fichier de messages"), **LONGUE)
def importer(numero: int) -> None:
    imports.importer(numero)
    while arrivees.recevoir_ce_qui_attend():
        pass


@shared_task(name="remontees.reprendre_les_imports")
def reprendre_les_imports() -> None:
    imports.reprendre_les_imports()


@shared_task(name="remontees.demander_les_satisfactions", **LONGUE)
def demander_les_satisfactions() -> None:
    """Every morning: ask people, once, whether the answer suits them."""
    satisfaction.demander_les_satisfactions()


HORAIRE: Horaire = {
    "remontees.recevoir_ce_qui_attend": (60.0, 60),
    "remontees.relever_boite": (60.0, 60),
    "remontees.traiter_les_courriels_recus": (60.0, 60),
    "remontees.reprendre_les_imports": (60.0, 60),
    "remontees.effacer_les_courriels_recus": (crontab(hour=5, minute=50), 36_000),
    "remontees.demander_les_satisfactions": (crontab(hour=9, minute=30), 36_000),
    "remontees.apprendre": (crontab(hour=4, minute=40), 3600),
    "remontees.cesser_les_attentes_passees": (crontab(hour=6, minute=10), 36_000),
    "remontees.clore_les_repondues": (crontab(hour=6, minute=20), 36_000),
}
