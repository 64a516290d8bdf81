"""What the réclamations add to shared pages: menus, « Ma journée »."""

from participation.socle.models import Compte
from participation.socle.vitrine import EntreeBureau, EntreePublique, Rubrique, SectionJournee, Tache
from tests.appli_essai.models import Reclamation
from tests.appli_essai.workflow import Etat


def menu_public() -> EntreePublique:
    return EntreePublique(Rubrique.AGIR, "Réclamations", "/reclamations/")


def menu_bureau(compte: Compte) -> EntreeBureau | None:
    return (
        EntreeBureau("Réclamations reçues", "/reclamations/", app="appli_essai") if compte.est_agent else None
    )


def section_journee(compte: Compte) -> SectionJournee | None:
    recues = Reclamation.objects.filter(etat=Etat.RECUE)
    taches = [Tache("Lire une réclamation", r.get_absolute_url(), "Lire", app="appli_essai") for r in recues]
    return SectionJournee("appli_essai", "Réclamations", taches) if taches else None
