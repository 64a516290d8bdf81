"""Erasure of a person from the panels: who registered, her notes of calls; the profile stays, counted with others."""

from typing import Any

from participation.panels.confirmation.actes import effacer
from participation.panels.models import Panel
from participation.socle.actions.oubli import Personne


def oublier(personne: Personne) -> None:
    panels: Any = Panel.objects.filter(inscriptions__courriel__iexact=personne.courriel)
    for panel in panels.distinct():
        siennes = panel.inscriptions.filter(courriel__iexact=personne.courriel)
        effacer(panel, list(siennes.values_list("pk", flat=True)))
