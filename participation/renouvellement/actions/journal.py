"""The one way to change a campaign: locked, checked against its table, written in its journal."""

from typing import Any

from django.db import transaction

from participation.renouvellement.models import Campagne, Candidature, EntreeCampagne
from participation.socle.actions import table
from participation.socle.models import Compte

SUJET = "la campagne"


@transaction.atomic
def avancer(
    campagne: Campagne,
    acte: str,
    *,
    par: Compte | None,
    motif: str = "",
    details: dict[str, Any] | None = None,
    candidature: Candidature | None = None,
    champs: dict[str, Any] | None = None,
) -> EntreeCampagne:
    """Follow the arrow `acte` of the campaigns' table, apply `champs`, validate, save, journal.

    Raises ActeInterdit (no such arrow from the état now in the database), RoleInsuffisant, ValidationError.
    """
    table.suivre(campagne, acte, par=par, sujet=SUJET, champs=champs or {})
    return consigner(campagne, acte, par=par, motif=motif, details=details, candidature=candidature)


def exiger(campagne: Campagne, acte: str, *, par: Compte | None) -> None:
    """Lock the campaign and check that `par` may follow the arrow `acte` from its present état. Raises as `avancer`."""
    table.exiger(campagne, acte, par=par, sujet=SUJET)


def consigner(
    campagne: Campagne,
    acte: str,
    *,
    par: Compte | None,
    fait: str = "",
    motif: str = "",
    details: dict[str, Any] | None = None,
    candidature: Candidature | None = None,
) -> EntreeCampagne:
    """One line that nobody can take away: never a name nor an address of a candidate in it."""
    transition = campagne.TRANSITIONS.get(acte)
    return EntreeCampagne.objects.create(
        campagne=campagne,
        candidature=candidature,
        acte=acte,
        fait=(fait or (transition.fait if transition else acte))[:200],
        par=par,
        motif=motif,
        details=details or {},
    )
