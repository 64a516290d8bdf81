"""Agenda of the comité de recevabilité: add the pétitions that wait for its decision."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Q

from participation.seances.actions.preparation import ajouter_point
from participation.seances.models import Point, Seance
from participation.seances.workflow import A_VENIR, EN_COURS, EtatPoint
from participation.socle.actions import avancer, verrouiller
from participation.socle.erreurs import ErreurMetier
from participation.socle.francais import jour_texte
from participation.socle.models import Compte
from petitions.models import Petition
from petitions.workflow import INSTANCE, Etat

MINUTES_PAR_PETITION = 15


def a_inscrire() -> Any:
    """Return the filed pétitions that are on no agenda to come, ordered by échéance."""
    inscrites = Point.objects.filter(
        Q(seance__etat__in=A_VENIR | EN_COURS, etat__in=[EtatPoint.A_TRAITER, EtatPoint.EN_COURS])
    )
    return (
        Petition.objects.filter(etat=Etat.DEPOSEE)
        .exclude(liens_points__point__in=inscrites)
        .avec_suite()
        .order_by("date_echeance", "pk")
    )


def seances_du_comite() -> Any:
    """Return the séances to come of the comité."""
    return Seance.objects.filter(
        instance__cle=INSTANCE, etat__in=A_VENIR, nature__in=Seance.DELIBERANTES
    ).order_by("debut")


@transaction.atomic
def inscrire_au_comite(seance: Seance, petitions: Iterable[Petition], *, par: Compte) -> list[Point]:
    """Add one point for each pétition, so that each has its own time, déports and vote.

    Raises ErreurMetier for a pétition already on an agenda, or already decided.
    """
    points = []
    verrouiller(seance)  # serializes two agents who fill the agenda at the same time
    attendues = set(a_inscrire().values_list("pk", flat=True))
    for petition in petitions:
        if petition.pk not in attendues:
            raise ErreurMetier(f"« {petition.titre} » est déjà à l’ordre du jour, ou déjà décidée.")
        points.append(
            ajouter_point(
                seance,
                par=par,
                dossiers=[petition],
                nature=Point.Nature.DECISION,
                titre=f"Recevabilité : {petition.titre}"[:200],
                duree=MINUTES_PAR_PETITION,
            )
        )
        avancer(
            petition,
            "inscrire_au_comite",
            par=par,
            fait=f"À l’ordre du jour du comité du {jour_texte(seance.jour)}",
            details={"seance": seance.pk},
        )
    return points
