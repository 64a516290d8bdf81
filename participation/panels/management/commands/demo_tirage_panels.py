"""Load the panels of the demonstration, after its draws: one of them becomes that of a panel."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from participation.panels.demo.panels import Panels
from participation.panels.models import Panel
from participation.socle.management.scene import lettres_parties


class Command(BaseCommand):
    help = "Charge les panels citoyens de la démonstration (appelée par « demo », après les tirages)."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if not Panel.objects.filter(origine=None).exists():  # petitions opened theirs
            with lettres_parties():
                Panels().jouer()
