"""The one way to change a séance: locked, checked against the table, written in its journal; and its screens are told."""

from typing import Any

from django.db import transaction
from django.db.models import F

from participation.seances.models import EntreeSeance, Seance
from participation.socle.actions import table
from participation.socle.models import Compte

SUJET = "la séance"


@transaction.atomic
def avancer(
    seance: Seance,
    acte: str,
    *,
    par: Compte | None,
    motif: str = "",
    details: dict[str, Any] | None = None,
    **champs: Any,
) -> EntreeSeance:
    """Follow the arrow `acte` of the séances' table, apply `champs`, validate, save, journal.

    Raises ActeInterdit (no such arrow from the état now in the database), RoleInsuffisant, ValidationError.
    """
    transition = table.suivre(seance, acte, par=par, sujet=SUJET, champs=champs)
    return consigner(seance, acte, par=par, fait=transition.fait, motif=motif, details=details)


def exiger(seance: Seance, acte: str, *, par: Compte | None) -> None:
    """Lock the séance and check that `par` may follow the arrow `acte` from its present état. Raises as `avancer`."""
    table.exiger(seance, acte, par=par, sujet=SUJET)


def verrouiller(seance: Seance) -> None:
    """Read the séance again under a row lock held until the end of the transaction."""
    table.verrouiller(seance)


def consigner(
    seance: Seance,
    acte: str,
    *,
    par: Compte | None,
    fait: str,
    motif: str = "",
    details: dict[str, Any] | None = None,
) -> EntreeSeance:
    """Write one line of the séance's journal, and let its screens know that something changed."""
    signaler(seance)
    return EntreeSeance.objects.create(
        seance=seance, acte=acte, fait=fait[:200], par=par, motif=motif, details=details or {}
    )


def signaler(seance: Seance) -> None:
    """Move the version that the screens ask for: to be called by every act that a screen shows."""
    Seance.objects.filter(pk=seance.pk).update(version=F("version") + 1)
    seance.refresh_from_db(fields=["version"])
