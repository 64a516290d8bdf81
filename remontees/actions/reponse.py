"""Answer to the person, reopening and closing."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from participation.socle.actions import annuler_echeance, avancer, exiger
from participation.socle.models import Compte
from remontees.actions.parts import REPONSE, TRI, devoir, exiger_jour
from remontees.models import Remontee, Sujet
from remontees.notifications import reponse as notifications
from remontees.workflow import Issue


@transaction.atomic
def repondre(
    remontee: Remontee, *, par: Compte, issue: str, reponse: str, date_prevue: date | None = None
) -> bool:
    """Answer the person. Return whether the letter leaves by mail or SMS.

    Raises ErreurMetier while a service must answer, ValidationError for « prévu » without a date.
    """
    exiger_jour(issue, date_prevue)
    pas = exiger(remontee, "repondre", par=par)
    pas.avancer(
        champs=_reponse(issue, reponse, date_prevue), fait=f"Réponse : {Issue(issue).label}", motif=reponse
    )
    annuler_echeance(remontee, REPONSE)
    annuler_echeance(remontee, TRI)
    return notifications.repondre(remontee)


def _reponse(issue: str, reponse: str, date_prevue: date | None) -> dict[str, Any]:
    return {"issue": issue, "reponse": reponse, "date_prevue": date_prevue, "repondue_le": timezone.now()}


def repondre_du_sujet(remontee: Remontee, sujet: Sujet, *, par: Compte | None) -> bool:
    """Copy the answer of the sujet to the remontée. Return whether the letter leaves by mail or SMS."""
    with transaction.atomic():
        avancer(
            remontee,
            "repondre_du_sujet",
            par=par,
            champs=_reponse(sujet.issue, sujet.reponse, sujet.date_prevue),
            motif=sujet.reponse,
            details={"sujet": sujet.pk},
        )
        return notifications.repondre(remontee, sujet=sujet)


@transaction.atomic
def rouvrir(remontee: Remontee, *, par: Compte | None, motif: str, mot: str = "") -> None:
    """Reopen a remontée, back to triage; the services that answered are told.

    `mot`: text for the services in place of `motif`, which the journal keeps for ever.
    """
    pas = exiger(remontee, "rouvrir", par=par)
    sujet = remontee.sujet_commun
    pas.avancer(
        champs={
            "issue": "",
            "reponse": "",
            "date_prevue": None,
            "repondue_le": None,
            "clos_le": None,
            "sujet_commun": None,
            # The sujet that gave the answer stays proposed.
            "sujet_propose": sujet,
            "organisme": None,
            "reouvertures": remontee.reouvertures + 1,
        },
        motif=motif,
    )
    devoir(remontee, TRI, "Relire ce qui a été rouvert")
    notifications.rouvrir(remontee, sujet, motif=mot or motif)


def clore(remontee: Remontee, *, par: Compte | None) -> None:
    """Close a remontée, by an agent or by the daily task."""
    with transaction.atomic():
        avancer(remontee, "clore", par=par, champs={"clos_le": timezone.now()})
        annuler_echeance(remontee)
