"""A year of the Contrat de Ville and the call of the next one, lived through the acts of their users at their dates."""

from typing import Any
from unittest.mock import patch

from django.core.management.base import BaseCommand
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from contrat_ville.demo.programmation import Annees
from contrat_ville.demo.reseau import AnneeSoutenue
from contrat_ville.models import Programmation
from participation.socle.models import Courriel


class Command(BaseCommand):
    help = "Charge le Contrat de Ville de la démonstration (appelée par « demo »)."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if Programmation.objects.exists():
            return
        # The letters of the past have left already: no worker is told of them.
        with patch("participation.socle.taches_differees.confier"):
            Annees().vivre()
            AnneeSoutenue().vivre()
            Courriel.objects.filter(etat=Courriel.Etat.A_ENVOYER).update(
                etat=Courriel.Etat.ENVOYE,
                envoye_le=F("cree_le"),
                tentatives=1,
                prochain_essai_le=timezone.now(),
            )
