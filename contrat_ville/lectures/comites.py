"""What each comité has to look at, in the order it should, and on which agenda a projet is."""

from typing import Any

from django.db.models import Q

from contrat_ville.models import Projet
from contrat_ville.workflow.comites import A_DECIDER, A_EXAMINER, PILOTAGE, TECHNIQUE
from contrat_ville.workflow.etats import Etat
from participation.seances.models import PointDossier, Seance
from participation.seances.workflow import A_VENIR, EN_COURS, EtatPoint

COMITES = (TECHNIQUE, PILOTAGE)


def _inscrits() -> Any:
    """Where a projet waits on an agenda: what the séance has decided already waits no more."""
    return PointDossier.objects.filter(
        decision="",
        point__etat__in=[EtatPoint.A_TRAITER, EtatPoint.EN_COURS],
        point__seance__etat__in=A_VENIR | EN_COURS,
        point__seance__instance__cle__in=COMITES,
    )


def a_inscrire(instance: str) -> Any:
    """Projets that await this comité and are on no agenda to come, the first to be looked at first.

    What is put off goes back to the comité that has its say next: the technical one, until it has proposed something.
    """
    if instance == TECHNIQUE:
        attendus = Q(etat__in=sorted(A_EXAMINER))
    elif instance == PILOTAGE:
        attendus = Q(etat__in=sorted(A_DECIDER)) & (~Q(etat=Etat.AJOURNE) | ~Q(avis_technique=""))
    else:
        attendus = Q(pk__in=[])
    return (
        Projet.objects.filter(attendus)
        .exclude(liens_points__in=_inscrits())
        .select_related("porte_par", "axe", "programmation")
        .order_by("programmation", "depose_le", "pk")
    )


def seance_de(projet: Projet) -> Seance | None:
    """The séance to come that has it on its agenda."""
    lien = (
        _inscrits()
        .filter(dossier=projet.pk)
        .select_related("point__seance__instance")
        .order_by("point__seance__debut")
        .first()
    )
    return lien.point.seance if lien is not None else None


def seances_de(instances: tuple[str, ...] = COMITES) -> Any:
    """Their séances to come."""
    return (
        Seance.objects.filter(instance__cle__in=instances, etat__in=A_VENIR, nature__in=Seance.DELIBERANTES)
        .select_related("instance")
        .order_by("debut")
    )


def seances_pour(projet: Projet) -> Any:
    """Those of the comités that have something to say of it now."""
    cles = []
    if projet.etat in A_EXAMINER:
        cles.append(TECHNIQUE)
    if projet.etat in A_DECIDER and (projet.etat != Etat.AJOURNE or projet.avis_technique):
        cles.append(PILOTAGE)
    return seances_de(tuple(cles))
