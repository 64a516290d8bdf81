"""Load the demonstration of the follow-up of the quartiers."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from contrat_ville.demo.suivi import Suivi
from contrat_ville.models import GroupeDiscussion
from participation.socle.management.scene import lettres_parties


class Command(BaseCommand):
    help = "Charge le suivi des quartiers de la démonstration (appelée par « demo »)."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if GroupeDiscussion.objects.exists():
            return
        with lettres_parties():
            Suivi().vivre()
