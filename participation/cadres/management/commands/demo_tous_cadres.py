"""Load the cadres of the demonstration: after the démarches that show them, hence its name."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from participation.cadres.demo.demarches import Demarches
from participation.cadres.models import Cadre
from participation.socle.management.scene import lettres_parties


class Command(BaseCommand):
    help = "Charge les cadres des démarches de la démonstration (appelée par « demo »)."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if not Cadre.objects.exists():
            with lettres_parties():
                Demarches().jouer()
