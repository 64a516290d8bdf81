"""Promise a suite, and say what became of it. Each change is in the dossier's journal and is told."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from participation.socle.actions import avancer, consigner, faire_echeance, fixer_echeance
from participation.socle.erreurs import ActeInterdit, RoleInsuffisant
from participation.socle.models import Compte, Direction, Dossier
from participation.socle.workflow import Role
from participation.suites import notifications
from participation.suites.models import Suite
from participation.suites.signals import suite_changee
from participation.suites.workflow import ABOUTIS, ARRIVEES, MOTIVES, Etat


@transaction.atomic
def promettre(
    dossier: Dossier,
    *,
    par: Compte,
    intitule: str,
    direction: Direction,
    date_limite: date,
    texte_public: str = "",
) -> Suite:
    """Follow the arrow `promettre_suite` of the dossier's own table, and write the suite with its échéance."""
    avancer(
        dossier.enfant,
        "promettre_suite",
        par=par,
        motif=intitule,
        details={"direction": str(direction), "date_limite": date_limite.isoformat()},
    )
    suite = Suite(
        dossier_id=dossier.pk,
        intitule=intitule,
        direction=direction,
        date_limite=date_limite,
        texte_public=texte_public,
    )
    suite.full_clean()
    suite.save()
    _fixer(suite)
    notifications.promettre(suite)
    return suite


@transaction.atomic
def changer_etat(suite: Suite, *, par: Compte, vers: str, texte_public: str = "", motif: str = "") -> None:
    """Say where the suite stands. The service, or an agent of the direction that owes it.

    Raises ActeInterdit when the état does not lead there, ValidationError when a reason is owed.
    """
    suite.refresh_from_db(from_queryset=Suite.objects.select_for_update())
    if not peut_changer(suite, par):
        raise RoleInsuffisant("Cette suite est tenue par une autre direction.")
    if vers not in ARRIVEES[suite.etat]:
        raise ActeInterdit(f"Une suite « {suite.get_etat_display()} » ne devient pas « {Etat(vers).label} ».")
    if vers in MOTIVES and not motif:
        raise ValidationError({"motif": "Dites pourquoi : cette raison est publique."})
    suite.etat, suite.motif = vers, motif if vers in MOTIVES else ""
    suite.texte_public = texte_public or suite.texte_public
    suite.full_clean()
    suite.save()
    if vers in ABOUTIS:
        faire_echeance(suite.dossier, cle(suite))
    else:
        _fixer(suite)
    consigner(
        suite.dossier,
        "changer_suite",
        par=par,
        fait=f"Suite {suite.get_etat_display()} : {suite.intitule}"[:160],
        motif=motif or texte_public,
        details={"suite": suite.pk, "etat": vers},
        est_publique=True,
    )
    suite_changee.send(Suite, suite=suite)


def peut_changer(suite: Suite, par: Compte) -> bool:
    return par.est_agent or any(
        a.role == Role.AGENT_DIRECTION and a.direction_id == suite.direction_id
        for a in par.appartenances_en_vigueur
    )


def cle(suite: Suite) -> str:
    return f"suite-{suite.pk}"


def _fixer(suite: Suite) -> None:
    """The échéance of the direction, open as long as the suite has no end."""
    fixer_echeance(
        suite.dossier,
        cle(suite),
        libelle=f"Rendre la suite : {suite.intitule}"[:160],
        date_limite=suite.date_limite,
        rappels=[30, 7],
        escalade=15,
        direction=suite.direction,
    )
