"""Celery tasks of the socle and their timetable. Each calls one action, and may safely run twice."""

from celery import shared_task
from celery.schedules import crontab
from django.conf import settings

from participation.socle.actions import (
    chiffres,
    comptes,
    courriels,
    courriers,
    demandes,
    documents,
    examens,
    exports,
    fichiers,
    imports,
    preuves,
    rappels,
    rythmes,
    tournees,
    voies,
)
from participation.socle.courriels import porte
from participation.socle.travaux import passages
from participation.socle.travaux.differes import confier_chacun
from participation.socle.travaux.passages import LONGUE, Horaire, dit
from participation.socle.views.exports import rejouer, rejouer_public

PDF_PAR_NUIT = 5000  # as many as a night has time for


@shared_task(name="participation.socle.tasks.envoyer_courriels", **dit("Envoyer des lettres"))
def envoyer_courriels(numeros: list[int]) -> None:
    courriels.envoyer(numeros)


@shared_task
def balayer_courriels() -> None:
    """Send the letters left by a killed worker or a lost broker (every 30 seconds)."""
    courriels.balayer(settings.COURRIEL_BALAYAGE)


@shared_task(name="participation.socle.tasks.fabriquer_document", **dit("Fabriquer un document"), **LONGUE)
def fabriquer_document(numero: int) -> None:
    documents.fabriquer_document(numero)


@shared_task
def balayer_codes() -> None:
    """Send the sign-in codes left by a killed worker or a lost broker (every 10 seconds, in their own queue)."""
    courriels.balayer_les_codes(settings.COURRIEL_BALAYAGE)


@shared_task(name="participation.socle.tasks.balayer_documents", **LONGUE)
def balayer_documents() -> None:
    """Make the documents requested and not being made (every minute)."""
    documents.balayer_documents()


@shared_task(name="participation.socle.tasks.ecrire_export", **dit("Écrire un export"), **LONGUE)
def ecrire_export(numero: int) -> None:
    exports.ecrire_export(numero, rejouer)


@shared_task(
    name="participation.socle.tasks.ecrire_fichier_public", **dit("Écrire un fichier public"), **LONGUE
)
def ecrire_fichier_public(adresse: str) -> None:
    rejouer_public(adresse)


@shared_task
def balayer_exports() -> None:
    """Give again the exports requested and not being written (every minute)."""
    confier_chacun(exports.TACHE, exports.exports_abandonnes())


@shared_task
def effacer_exports() -> None:
    """Erase the exports kept long enough (every hour)."""
    exports.effacer_exports()


@shared_task(name=tournees.TACHE, **dit("Écrire des lettres en nombre"), **LONGUE)
def poursuivre_tournee(numero: int) -> None:
    tournees.poursuivre(numero)


@shared_task
def reprendre_tournees() -> None:
    """Take up the letters and documents that an act left to the workers (every minute)."""
    tournees.reprendre()


@shared_task(name=imports.TACHE, **dit("Lire un tableau importé"), **LONGUE)
def lire_import(etiquette: str, numero: int) -> None:
    imports.lire_import(etiquette, numero)


@shared_task
def reprendre_imports() -> None:
    """Take up the tables that nobody finishes to read (every minute)."""
    imports.reprendre_imports()


@shared_task(name=voies.TACHE, **dit("Importer des voies"), **LONGUE)
def importer_voies(numero: int) -> None:
    voies.importer_voies(numero)


@shared_task
def reprendre_les_voies() -> None:
    """Take up the imports of streets that nobody finishes (every minute)."""
    voies.reprendre_les_imports()


@shared_task(name="participation.socle.tasks.rappeler_echeances", **LONGUE)
def rappeler_echeances() -> None:
    """Write the reminders of échéances, once for each step (every hour)."""
    rappels.rappeler_echeances()


@shared_task(name="participation.socle.tasks.annoncer_la_liste", **LONGUE)
def annoncer_la_liste() -> None:
    """Write the list of the opinions asked the day before of who already had a letter (every morning)."""
    demandes.annoncer_la_liste()


@shared_task(name="participation.socle.tasks.ecrire_resumes", **LONGUE)
def ecrire_resumes() -> None:
    """Write the summaries of what people follow (every day)."""
    rythmes.ecrire_resumes()


@shared_task(name="participation.socle.tasks.effacer_sessions", **LONGUE)
def effacer_sessions() -> None:
    """Erase expired sessions and what was recorded about them (every night)."""
    comptes.effacer_sessions()


@shared_task(name="participation.socle.tasks.effacer_sans_preuve", **LONGUE)
def effacer_sans_preuve() -> None:
    """Erase the addresses that nobody proved in time, of every app (every night)."""
    preuves.effacer_sans_preuve()


@shared_task(name="participation.socle.tasks.purger_courriels", **LONGUE)
def purger_courriels() -> None:
    """Erase letters past their delay, and files of courriers printed together and all posted (every night)."""
    courriels.purger_courriels()
    courriers.effacer_impressions()
    passages.oublier_les_vieux()
    tournees.oublier_finies()


@shared_task(name="participation.socle.tasks.oublier_traces", **LONGUE)
def oublier_traces() -> None:
    """Forget the letters to strangers, and their refusals, past the delay (every night)."""
    porte.oublier_traces()


@shared_task(name="participation.socle.tasks.examiner_pdf", **LONGUE)
def examiner_pdf() -> None:
    """Check the PDFs that the present rule has not seen (every night)."""
    examens.examiner_pdf(PDF_PAR_NUIT)


@shared_task(name="participation.socle.tasks.effacer_fichiers_orphelins", **LONGUE)
def effacer_fichiers_orphelins() -> None:
    """Erase the stored files that no row knows (every night)."""
    fichiers.effacer_fichiers_orphelins()


@shared_task(name="participation.socle.tasks.tenir_les_chiffres", **LONGUE)
def tenir_les_chiffres() -> None:
    """Count again the figures of many rows that pages show (every five minutes)."""
    chiffres.tenir_les_chiffres()


# Timetable: task → when. A task that waited longer than `expires` seconds is dropped, and the next one does
# its work; a daily task waits ten hours for a worker (one hour for the check of PDFs).
HORAIRE: Horaire = {
    "participation.socle.tasks.balayer_courriels": (30.0, 30),
    "participation.socle.tasks.balayer_codes": (10.0, 10, settings.FILE_CODES),
    "participation.socle.tasks.balayer_documents": (60.0, 60),
    "participation.socle.tasks.balayer_exports": (60.0, 60),
    "participation.socle.tasks.reprendre_tournees": (60.0, 60),
    "participation.socle.tasks.reprendre_imports": (60.0, 60),
    "participation.socle.tasks.reprendre_les_voies": (60.0, 60),
    "participation.socle.tasks.tenir_les_chiffres": (300.0, 300),
    "participation.socle.tasks.effacer_exports": (crontab(minute=35), 3000),
    "participation.socle.tasks.rappeler_echeances": (crontab(minute=5), 3000),
    "participation.socle.tasks.annoncer_la_liste": (crontab(hour=6, minute=40), 36_000),
    "participation.socle.tasks.ecrire_resumes": (crontab(hour=7, minute=0), 36_000),
    "participation.socle.tasks.effacer_sessions": (crontab(hour=3, minute=20), 36_000),
    "participation.socle.tasks.effacer_sans_preuve": (crontab(hour=4, minute=20), 36_000),
    "participation.socle.tasks.purger_courriels": (crontab(hour=4, minute=50), 36_000),
    "participation.socle.tasks.effacer_fichiers_orphelins": (crontab(hour=5, minute=30), 36_000),
    "participation.socle.tasks.oublier_traces": (crontab(hour=4, minute=30), 36_000),
    "participation.socle.tasks.examiner_pdf": (crontab(hour=5, minute=10), 3600),
}
