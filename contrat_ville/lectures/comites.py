"""Projets that each comité has to examine, and the agenda that a projet is on."""

from typing import Any

from django.db.models import Q

from contrat_ville.models import Projet
from contrat_ville.workflow.comites import A_DECIDER, A_EXAMINER, PILOTAGE, TECHNIQUE
from contrat_ville.workflow.etats import Etat
from participation.seances.models import PointDossier, Seance
from participation.seances.workflow import A_VENIR, EN_COURS, EtatPoint

COMITES = (TECHNIQUE, PILOTAGE)


def _inscrits() -> Any:
    """Points to come of the comités on a projet. A point already decided by its séance is left out."""
    return PointDossier.objects.filter(
        decision="",
        point__etat__in=[EtatPoint.A_TRAITER, EtatPoint.EN_COURS],
        point__seance__etat__in=A_VENIR | EN_COURS,
        point__seance__instance__cle__in=COMITES,
    )


def a_inscrire(instance: str) -> Any:
    """Projets that await this comité and are on no agenda, by programmation, then date of deposit.

    A projet put off awaits the comité technique; once it has its opinion, the comité de pilotage too.
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
    """Return the next séance that has the projet on its agenda."""
    lien = (
        _inscrits()
        .filter(dossier=projet.pk)
        .select_related("point__seance__instance")
        .order_by("point__seance__debut")
        .first()
    )
    return lien.point.seance if lien is not None else None


def seances_de(instances: tuple[str, ...] = COMITES) -> Any:
    """Séances to come of these comités."""
    return (
        Seance.objects.filter(instance__cle__in=instances, etat__in=A_VENIR, nature__in=Seance.DELIBERANTES)
        .select_related("instance")
        .order_by("debut")
    )


def seances_pour(projet: Projet) -> Any:
    """Séances to come of the comités that may examine the projet now."""
    cles = []
    if projet.etat in A_EXAMINER:
        cles.append(TECHNIQUE)
    if projet.etat in A_DECIDER and (projet.etat != Etat.AJOURNE or projet.avis_technique):
        cles.append(PILOTAGE)
    return seances_de(tuple(cles))
