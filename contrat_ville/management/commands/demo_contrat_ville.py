"""Load the demonstration of the programmations and of the comités."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from contrat_ville.demo.comites import Comites
from contrat_ville.demo.programmation import Annees
from contrat_ville.demo.reseau import AnneeSoutenue
from contrat_ville.models import Programmation
from participation.socle.management.scene import lettres_parties


class Command(BaseCommand):
    help = "Charge le Contrat de Ville de la démonstration (appelée par « demo »)."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if Programmation.objects.exists():
            return
        with lettres_parties():
            annees = Annees()
            annees.vivre()
            AnneeSoutenue().vivre()
            # Last: the projets decided by the comités can no longer be instructed.
            Comites(annees).vivre()
