"""Acts on a programmation: preparation, opening, extension and closing of the call."""

from contextlib import suppress
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from contrat_ville.models import Programmation
from contrat_ville.workflow.etats import EtatProgrammation
from participation.socle.actions import avancer, exiger
from participation.socle.erreurs import ActeInterdit
from participation.socle.models import Compte


def preparer_programmation(programmation: Programmation, *, par: Compte, **champs: Any) -> Programmation:
    """Save a new programmation. Its grid and envelopes are written next, on its page."""
    avancer(programmation, "preparer_programmation", par=par, champs=champs)
    return programmation


def regler_programmation(programmation: Programmation, *, par: Compte, **champs: Any) -> None:
    avancer(programmation, "regler_programmation", par=par, champs=champs)


def ouvrir_appel(programmation: Programmation, *, par: Compte) -> None:
    """Publish the call. Projets can be filed from its first day."""
    avancer(programmation, "ouvrir_appel", par=par)


@transaction.atomic
def prolonger_appel(programmation: Programmation, *, par: Compte, date_cloture: date, motif: str) -> None:
    """Extend the call. Raises ValidationError when the new day is not later."""
    pas = exiger(programmation, "prolonger_appel", par=par)
    if date_cloture <= programmation.date_cloture:
        raise ValidationError({"date_cloture": "La nouvelle clôture est après celle d’aujourd’hui."})
    pas.avancer(champs={"date_cloture": date_cloture}, motif=motif, est_publique=True)


def clore_appel(programmation: Programmation, *, par: Compte | None) -> None:
    avancer(programmation, "clore_appel", par=par)


def clore_les_appels_passes() -> int:
    """Close the calls whose last day is past. Return their number."""
    passes = Programmation.objects.filter(
        etat=EtatProgrammation.OUVERTE, date_cloture__lt=timezone.localdate()
    )
    for programmation in passes:
        with suppress(ActeInterdit):  # an agent closed it in the meantime
            clore_appel(programmation, par=None)
    return len(passes)
