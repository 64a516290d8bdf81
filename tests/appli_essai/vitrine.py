"""What the réclamations add to shared pages: menus, « Ma journée », the use of personal data."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from participation.socle.journee import Attente, SectionJournee, Tache
from participation.socle.lectures.conservation import Traitement
from participation.socle.models import Compte
from participation.socle.vitrine import EntreeBureau, EntreePublique, Etape, Reglage, Rubrique
from tests.appli_essai.models import Reclamation
from tests.appli_essai.workflow import Etat


def menu_public() -> EntreePublique:
    return EntreePublique(Rubrique.AGIR, "Réclamations", "/reclamations/")


def menu_bureau(compte: Compte) -> EntreeBureau | None:
    return (
        EntreeBureau("Réclamations reçues", reverse("appli_essai:saisir"), app="appli_essai")
        if compte.est_agent
        else None
    )


def section_journee(compte: Compte) -> SectionJournee | None:
    def recues() -> QuerySet[Any, Any]:
        lues: QuerySet[Any, Any] = Reclamation.objects.filter(etat=Etat.RECUE)
        return lues

    def taches() -> list[Tache]:
        return [
            Tache("Lire une réclamation", r.get_absolute_url(), "Lire", app="appli_essai") for r in recues()
        ]

    if not compte.est_agent:
        return None
    return SectionJournee("appli_essai", "Réclamations", [Attente(recues, taches)])


def traitements() -> Traitement:
    return Traitement(
        cle="essai-appuyer",
        titre="Appuyer une réclamation",
        personnes="Qui appuie.",
        donnees="Adresse électronique.",
        finalite="Dire à ceux qui l’appuient ce que devient la réclamation.",
        base_legale="Mission d’intérêt public.",
        destinataires="Service participation.",
        tables=("appli_essai.Appui",),
        duree="Sept jours sans confirmation.",
    )


def mise_en_place() -> Reglage:
    return Reglage(
        Etape.OUVRIR,
        "Ouvrir les réclamations",
        "",
        "Personne ne peut en écrire.",
        reverse("appli_essai:saisir"),
    )
