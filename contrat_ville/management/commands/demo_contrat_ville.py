"""A year of the Contrat de Ville and the call of the next one, lived through the acts of their users at their dates."""

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
            # Last: what the comités decide is instructed no more.
            Comites(annees).vivre()
