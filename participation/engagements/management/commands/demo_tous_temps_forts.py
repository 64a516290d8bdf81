"""Load the temps forts of the demonstration: after the rencontres, hence its name."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from participation.engagements.demo.temps_forts import TempsForts
from participation.engagements.models import TempsFort
from participation.socle.management.scene import lettres_parties


class Command(BaseCommand):
    help = "Charge les temps forts de la démonstration (appelée par « demo »)."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if not TempsFort.objects.exists():
            with lettres_parties():
                TempsForts().jouer()
