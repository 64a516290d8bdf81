"""Erases a person: author of idées, facilitator of tables. Words stay, without the name."""

from datetime import timedelta
from typing import Any

from django.db.models import F, Model, Q, QuerySet

from participation.budgets.cycle import oublier_auteurs
from participation.budgets.models import (
    AuteurIdee,
    Forum,
    Idee,
    InscriptionForum,
    ReglementInterQuartiers,
    TableForum,
)
from participation.budgets.workflow.budget import EtatForum
from participation.socle.actions.avancer import verrouiller_ensemble
from participation.socle.actions.oubli import JOURNAL, PAROLES, Personne
from participation.socle.calendrier import debut_du_jour

GARDE = {
    "budgets.EntreeBudget": JOURNAL,
    "budgets.EntreeForum": JOURNAL,
    "budgets.EntreeScrutin": JOURNAL,
    "budgets.TraductionForum": "qui a écrit et relu une traduction, dit par un numéro de compte",
}

RESTE = {"budgets.Idee": PAROLES, "budgets.TableForum": "le sujet d’une table d’un forum"}


def lignes(personne: Personne) -> dict[type[Model], Q]:
    """The idées that she wrote, alone or with others."""
    return {Idee: Q(pk__in=personne.dans(AuteurIdee).values("idee"))}


def forums_finis() -> QuerySet[Forum]:
    """Forums whose retention period is over."""
    jours = ReglementInterQuartiers.actuel().conservation_forum_jours
    return Forum.objects.filter(
        etat__in=[EtatForum.TENU, EtatForum.ANNULE], debut__lt=debut_du_jour() - timedelta(days=jours)
    )


def tient(forum: Forum) -> dict[str, QuerySet[Any, Any]]:
    return {
        "inscriptions": forum.inscriptions.filter(efface_le=None),
        "animateurs de table": forum.tables.exclude(animateur="", courriel=""),
    }


def oublier_la_demarche(forum: Forum) -> None:
    """Erase who registered and who animated. Needs, presences and notes stay."""
    InscriptionForum.effacer(list(forum.inscriptions.values_list("pk", flat=True)))
    forum.tables.update(courriel="", animateur="", rang_du_lien=F("rang_du_lien") + 1)


def oublier(personne: Personne) -> None:
    auteurs = personne.dans(AuteurIdee)
    verrouiller_ensemble(Idee, auteurs.values_list("idee", flat=True))
    oublier_auteurs(list(auteurs.values_list("pk", flat=True)))
    tables = personne.dans(TableForum)
    tables.update(courriel="", animateur="", rang_du_lien=F("rang_du_lien") + 1)
