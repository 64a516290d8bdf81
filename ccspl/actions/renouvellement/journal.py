"""The one way to change a campaign: locked, checked against its table, written in its journal."""

from typing import Any

from django.db import transaction

from ccspl.models import Campagne, Candidature, EntreeCampagne
from participation.socle.erreurs import ActeInterdit, RoleInsuffisant
from participation.socle.models import Compte


@transaction.atomic
def avancer(
    campagne: Campagne,
    acte: str,
    *,
    par: Compte | None,
    motif: str = "",
    details: dict[str, Any] | None = None,
    candidature: Candidature | None = None,
    **champs: Any,
) -> EntreeCampagne:
    """Follow the arrow `acte` of the campaigns' table, apply `champs`, validate, save, journal.

    Raises ActeInterdit (no such arrow from the état now in the database), RoleInsuffisant, ValidationError.
    """
    exiger(campagne, acte, par=par)
    transition = campagne.TRANSITIONS[acte]
    if transition.change_etat:
        (champs["etat"],) = transition.vers
    for champ, valeur in champs.items():
        setattr(campagne, champ, valeur)
    if champs:
        campagne.full_clean()
        campagne.save()
    return consigner(campagne, acte, par=par, motif=motif, details=details, candidature=candidature)


def exiger(campagne: Campagne, acte: str, *, par: Compte | None) -> None:
    """Lock the campaign and check that `par` may follow the arrow `acte` from its present état. Raises as `avancer`."""
    verrouiller(campagne)
    transition = campagne.TRANSITIONS[acte]
    if campagne.etat not in transition.de:
        raise ActeInterdit(
            f"« {transition.libelle} » n’est plus possible : la campagne est « {campagne.get_etat_display()} »."
        )
    if not transition.par & campagne.roles_de(par):
        raise RoleInsuffisant(f"« {transition.libelle} » ne vous est pas ouvert.")


def verrouiller(campagne: Campagne) -> None:
    """Read the campaign again under a row lock held until the end of the transaction."""
    campagne.refresh_from_db(from_queryset=Campagne.objects.select_for_update(of=("self",)))


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
