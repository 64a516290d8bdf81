"""People whose data can be erased, by the règlement in force.

An agent decides: no periodic task erases them.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.utils import timezone

from participation.budgets.models import AuteurIdee, Budget, Forum, InscriptionForum, ReglementInterQuartiers
from participation.budgets.workflow.budget import EtatBudget, EtatForum
from participation.droits.models import sans_visa
from participation.inscriptions.lectures import a_effacer
from participation.socle.calendrier import ajouter_mois
from participation.socle.models import Compte

AUTEURS = "budgets.auteurs"
TROP_TOT = "Le délai de conservation n’est pas passé, ou plus personne n’est à effacer."


def auteurs_a_effacer(budget: Budget) -> Any:
    """Authors of a budget closed longer ago than the retention period of the règlement; else none."""
    limite = ajouter_mois(timezone.localdate(), -ReglementInterQuartiers.actuel().conservation_auteurs_mois)
    if budget.clos_le is None or timezone.localdate(budget.clos_le) >= limite:
        return AuteurIdee.objects.none()
    return AuteurIdee.objects.filter(idee__budget=budget.pk, efface_le=None)


def visa_des_auteurs(budget: Budget, acte: str, par: Compte | None) -> list[str]:
    return sans_visa(AUTEURS, budget.pk) if auteurs_a_effacer(budget).exists() else [TROP_TOT]


def a_proposer() -> list[tuple[Any, int]]:
    """(budget or forum, number of people), where the retention period is over."""
    return [*des_budgets(), *des_forums()]


def _auteurs() -> Any:
    return AuteurIdee.objects.filter(idee__budget__etat=EtatBudget.CLOS, efface_le=None)


def _inscrits() -> Any:
    return InscriptionForum.objects.filter(
        evenement__etat__in=[EtatForum.TENU, EtatForum.ANNULE], efface_le=None
    )


def des_budgets() -> list[tuple[Any, int]]:
    return _comptes(Budget.objects.filter(pk__in=_auteurs().values("idee__budget")), auteurs_a_effacer)


def des_forums() -> list[tuple[Any, int]]:
    return _comptes(Forum.objects.filter(pk__in=_inscrits().values("evenement")), a_effacer)


def _comptes(tous: Iterable[Any], effacables: Callable[[Any], Any]) -> list[tuple[Any, int]]:
    comptes = [(un, effacables(un).count()) for un in tous]
    return [(un, combien) for un, combien in comptes if combien]


# (people not erased yet, whatever the period; budgets or forums whose period is over).
A_PROPOSER = ((_auteurs, des_budgets), (_inscrits, des_forums))
