"""Command that loads the engagements and the propositions of the demonstration."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from participation.engagements.demo.agora import Agora
from participation.engagements.demo.pacte import Pacte
from participation.engagements.models import Collectif, EngagementPris
from participation.socle.management.scene import lettres_parties


class Command(BaseCommand):
    help = "Charge les engagements de la démonstration (appelée par « demo »)."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        with lettres_parties():
            if not EngagementPris.objects.exists():
                Pacte().jouer()
            if not Collectif.objects.exists():
                Agora().jouer()
