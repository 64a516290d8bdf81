"""Data of the page of a campaign: progress of each step."""

from typing import Any

from participation.renouvellement.equilibre.lectures import lignes_colleges
from participation.renouvellement.models import Campagne, Lecture
from participation.renouvellement.workflow import APRES_ARRET, Eligibilite, EtatCandidature


def avancement(campagne: Campagne) -> dict[str, Any]:
    """Return counts and rows, with the names used by the template."""
    deposees = campagne.candidatures.deposees()
    lectures = Lecture.objects.actives().filter(candidature__campagne=campagne)
    attentes = []
    if campagne.etat in APRES_ARRET:
        attentes = [
            (college, college.places_libres, college.candidatures.suivante())
            for college in campagne.colleges.select_related("college__mandature")
            if college.est_ouvert
        ]
    return {
        "lignes": lignes_colleges(campagne),
        "nombre": deposees.count(),
        "a_verifier": deposees.filter(eligibilite=Eligibilite.A_VERIFIER).count(),
        "sans_courriel": deposees.filter(courriel="", effacee_le__isnull=True).count(),
        "a_confirmer": campagne.candidatures.filter(etat=EtatCandidature.A_CONFIRMER).count(),
        "relecteurs": campagne.relecteurs.filter(est_actif=True).count(),
        "lectures": lectures.count(),
        "lectures_rendues": lectures.filter(rendue_le__isnull=False).count(),
        "criteres": campagne.criteres.all(),
        "questions": campagne.questions.all(),
        "attentes": attentes,
        "etapes": campagne.etapes.select_related("faite_par"),
        "etapes_faites": campagne.etapes.filter(faite_le__isnull=False).count(),
        "a_effacer": campagne.candidatures.a_effacer().count(),
        "bordereaux": campagne.bordereaux.select_related("par"),
    }
