"""Suites asked by a dossier of the quartiers, and policies of the metropolis that a projet serves."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from contrat_ville.models import GroupeDiscussion, Politique, Projet, ProjetQuartier
from contrat_ville.notifications import suites as notifications
from participation.socle.actions import exiger
from participation.socle.erreurs import ErreurMetier
from participation.socle.models import Compte
from participation.suites import actions as suites
from participation.suites.models import Suite
from participation.suites.workflow import Origine


@transaction.atomic
def ajouter_suite(
    dossier: Projet | ProjetQuartier | GroupeDiscussion, *, par: Compte, **champs: Any
) -> Suite:
    """Add a suite, asked or promised, and tell the people who asked.

    Raises ErreurMetier for a promise on a focus group: its suites are asked first, then promised by another
    act.
    """
    if isinstance(dossier, GroupeDiscussion) and champs.get("origine") == Origine.PROMISE:
        raise ErreurMetier("Ce qu’un groupe de discussion demande n’est pas une promesse de la Métropole.")
    suite = suites.ajouter_suite(dossier, par=par, **champs)
    notifications.ajouter_suite(suite)
    return suite


@transaction.atomic
def relier_politiques(projet: Projet, *, par: Compte, politiques: Sequence[Politique]) -> None:
    """Link the projet to these policies; none removes all links."""
    pas = exiger(projet, "relier_politiques", par=par)
    projet.politiques.set(politiques)
    noms = ", ".join(politique.nom for politique in politiques)
    pas.avancer(motif=noms, fait="" if politiques else "Relié à aucune politique métropolitaine")
