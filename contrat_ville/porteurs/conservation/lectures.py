"""Contact details whose time is past: those of porteurs, once their programmation is closed long enough."""

from datetime import date
from typing import Any

from django.db.models import Max, Q
from django.db.models.functions import TruncDate
from django.utils import timezone

from contrat_ville.models import Porteur, Programmation, Projet
from contrat_ville.workflow.etats import TERMINAUX, EtatProgrammation
from participation.droits.models import sans_visa
from participation.socle.calendrier import ajouter_mois
from participation.socle.lectures.conservation import Lot
from participation.socle.models import Compte

COORDONNEES = "contrat_ville.coordonnees"
TROP_TOT = "Le délai de conservation n’est pas passé, ou plus aucune coordonnée n’est à effacer."


def closes() -> Any:
    """Return the closed programmations with the day (`date_close`) when they were; the journal says it."""
    siennes = Q(journal__acte="clore_programmation")
    return Programmation.objects.filter(etat=EtatProgrammation.CLOSE).annotate(
        date_close=TruncDate(Max("journal__le", filter=siennes))
    )


def passees() -> list[Programmation]:
    jour = timezone.localdate()
    return [
        p
        for p in closes().filter(date_close__isnull=False).order_by("annee", "pk")
        if ajouter_mois(_close(p), p.conservation_mois) < jour
    ]


def _close(programmation: Programmation) -> date:
    jour: date = vars(programmation)["date_close"]
    return jour


def a_effacer(programmation: Programmation) -> Any:
    """Return the porteurs of this programmation, past its time, who bear nothing that is still alive or kept elsewhere."""
    toutes = passees()
    if programmation not in toutes:
        return Porteur.objects.none()
    vivants = Projet.objects.exclude(programmation__in=toutes, etat__in=TERMINAUX).exclude(porte_par=None)
    vides = {"courriel": "", "telephone": "", "representant": "", "qualite_representant": ""}
    return (
        Porteur.objects.filter(pk__in=programmation.projets.values("porte_par"))
        .exclude(pk__in=vivants.values("porte_par"))
        .exclude(**vides)
    )


def lots() -> list[Lot]:
    return [
        Lot(p.pk, p.titre, n, p.get_absolute_url(), p.date_ouverture, _close(p))
        for p in passees()
        if (n := a_effacer(p).count())
    ]


def visa_des_coordonnees(programmation: Programmation, acte: str, par: Compte | None) -> list[str]:
    return sans_visa(COORDONNEES, programmation.pk) if a_effacer(programmation).exists() else [TROP_TOT]
