"""Who is to be forgotten, by the règlement in force today: proposed to an agent, never done by the clock."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from contrat_ville.models import AuteurIdee, Budget, Forum, InscriptionForum, ReglementInterQuartiers
from contrat_ville.workflow.inter_quartiers import EtatBudget, EtatForum
from participation.socle.calendrier import ajouter_mois


def auteurs_a_effacer(budget: Budget) -> Any:
    """Who gave ideas to a budget closed longer ago than the règlement keeps them; nobody before."""
    limite = ajouter_mois(timezone.localdate(), -ReglementInterQuartiers.actuel().conservation_auteurs_mois)
    if budget.clos_le is None or timezone.localdate(budget.clos_le) >= limite:
        return AuteurIdee.objects.none()
    return AuteurIdee.objects.filter(idee__budget=budget.pk, efface_le=None)


def inscrits_a_effacer(forum: Forum) -> Any:
    """Who registered for a forum held longer ago than the règlement keeps them; nobody before."""
    limite = timezone.localdate() - timedelta(days=ReglementInterQuartiers.actuel().conservation_forum_jours)
    if forum.jour >= limite:
        return InscriptionForum.objects.none()
    return forum.inscriptions.filter(efface_le=None)


def a_proposer() -> list[tuple[Any, int]]:
    """(budget or forum, how many people) where the delay has passed."""
    budgets = [(b, auteurs_a_effacer(b).count()) for b in Budget.objects.filter(etat=EtatBudget.CLOS)]
    finis = Forum.objects.filter(
        etat__in=[EtatForum.TENU, EtatForum.ANNULE], inscriptions__efface_le=None
    ).distinct()
    forums = [(f, inscrits_a_effacer(f).count()) for f in finis]
    return [(quoi, combien) for quoi, combien in [*budgets, *forums] if combien]
