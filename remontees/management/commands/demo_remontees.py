"""Command that loads the demonstration of the remontées."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from participation.socle.management.scene import lettres_parties
from remontees.demo.saison import Saison
from remontees.models import Remontee


class Command(BaseCommand):
    help = "Charge les remontées de la démonstration (appelée par « demo »)."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if Remontee.objects.exists():
            return
        with lettres_parties():
            Saison().vivre()
