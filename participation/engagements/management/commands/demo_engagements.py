"""Command that loads the engagements of the demonstration."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from participation.engagements.demo.pacte import Pacte
from participation.engagements.models import EngagementPris
from participation.socle.management.scene import lettres_parties


class Command(BaseCommand):
    help = "Charge les engagements de la démonstration (appelée par « demo »)."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if EngagementPris.objects.exists():
            return
        with lettres_parties():
            Pacte().jouer()
