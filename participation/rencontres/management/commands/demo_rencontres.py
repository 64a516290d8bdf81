"""Load the rencontres of the demonstration."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from participation.rencontres.demo.rencontres import Rencontres
from participation.rencontres.models import Rencontre
from participation.socle.management.scene import lettres_parties


class Command(BaseCommand):
    help = "Charge les rencontres de la démonstration (appelée par « demo »)."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if not Rencontre.objects.exists():
            with lettres_parties():
                Rencontres().jouer()
