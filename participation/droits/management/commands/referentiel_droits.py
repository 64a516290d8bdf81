"""Load a first règlement of the rights of people. No text of law fixes its figures. Idempotent."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand

from participation.droits.models import ReglementDroits


class Command(BaseCommand):
    help = "Charge le règlement de départ des droits des personnes, s’il n’y en a pas encore."

    def handle(self, *args: Any, **options: Any) -> None:
        if not ReglementDroits.objects.exists():
            ReglementDroits.objects.create(
                version="départ",
                en_vigueur_du=date(2024, 1, 1),
                source="Réglages de départ, proposés avec l’application : le service les règle.",
            )
