"""Load the draws of the demonstration."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from participation.socle.management.scene import lettres_parties
from participation.tirage.demo.panels import Panels
from participation.tirage.models import Tirage


class Command(BaseCommand):
    help = "Charge les tirages au sort de la démonstration (appelée par « demo »)."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if not Tirage.objects.exists():
            with lettres_parties():
                Panels().jouer()
