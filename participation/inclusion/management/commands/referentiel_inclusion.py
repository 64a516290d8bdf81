"""Load a first règlement of the inclusion. No text of law was found that fixes its figures. Idempotent."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand

from participation.inclusion.models import ReglementInclusion


class Command(BaseCommand):
    help = "Charge le règlement de départ de l’inclusion, s’il n’y en a pas encore."

    def handle(self, *args: Any, **options: Any) -> None:
        if not ReglementInclusion.objects.exists():
            ReglementInclusion.objects.create(
                version="départ",
                en_vigueur_du=date(2024, 1, 1),
                source="Réglages de départ, proposés avec l’application : le service les règle.",
            )
