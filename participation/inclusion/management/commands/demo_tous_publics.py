"""Load who takes part and the actions of aller-vers of the demonstration: after all démarches, hence its name."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from participation.inclusion.demo.publics import Publics
from participation.inclusion.models import ActionAllerVers
from participation.socle.management.scene import lettres_parties


class Command(BaseCommand):
    help = "Charge l’inclusion de la démonstration (appelée par « demo »)."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if not ActionAllerVers.objects.exists():
            with lettres_parties():
                Publics().jouer()
