"""Celery tasks of the séances and their schedule. Each calls one action and may run twice."""

from celery import shared_task
from celery.schedules import crontab

from participation.seances import inscriptions, oubli
from participation.seances.convocation import envois
from participation.seances.membres import fins
from participation.seances.proces_verbaux import documents as documents_pv
from participation.seances.votes import cloture
from participation.socle.travaux.passages import LONGUE, Horaire, dit


@shared_task(name="seances.envoyer_convocation", **dit("Envoyer une convocation"), **LONGUE)
def envoyer_convocation(numero: int) -> None:
    """Make the PDF and write the letters of one sending. Called at once after the act."""
    envois.envoyer_convocation(numero)


@shared_task(name="seances.envoyer_convocations", **LONGUE)
def envoyer_convocations() -> None:
    """Every minute: sendings that a stopped worker or a lost message left."""
    envois.envoyer_convocations()


@shared_task(name="seances.annoncer_fins_de_mandat", **LONGUE)
def annoncer_fins_de_mandat() -> None:
    """Every morning: mandates that end, at the steps of the règlement."""
    fins.annoncer_fins_de_mandat()


@shared_task(name="seances.figer_proces_verbaux", **LONGUE)
def figer_proces_verbaux() -> None:
    """Every minute: freeze the PDFs of approved procès-verbaux."""
    documents_pv.figer_proces_verbaux()


@shared_task(name="seances.remplir_rencontres")
def remplir_rencontres() -> None:
    """Every minute: give free places of visits and trainings to those who wait."""
    inscriptions.remplir_rencontres()


@shared_task(name="seances.achever_rencontres")
def achever_rencontres() -> None:
    """Every quarter of an hour: close visits and trainings that are over."""
    inscriptions.achever_rencontres()


@shared_task(name="seances.oublier_besoins", **LONGUE)
def oublier_besoins() -> None:
    """Every night: erase needs stated for séances long over."""
    oubli.oublier_besoins()


@shared_task(name="seances.nettoyer_urnes", **LONGUE)
def nettoyer_urnes() -> None:
    """At the close of a secret vote, and every minute for the tables that were in use then."""
    cloture.nettoyer_urnes()


HORAIRE: Horaire = {
    "seances.figer_proces_verbaux": (60.0, 60),
    "seances.nettoyer_urnes": (60.0, 60),
    "seances.remplir_rencontres": (60.0, 60),
    "seances.achever_rencontres": (900.0, 900),
    "seances.envoyer_convocations": (60.0, 60),
    "seances.annoncer_fins_de_mandat": (crontab(hour=7, minute=30), 36_000),
    "seances.oublier_besoins": (crontab(hour=3, minute=50), 36_000),
}
