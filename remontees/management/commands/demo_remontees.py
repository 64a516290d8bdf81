"""A season of remontées, lived through the acts of its users at their dates."""

from typing import Any
from unittest.mock import patch

from django.core.management.base import BaseCommand
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from participation.socle.models import Courriel
from remontees.demo.saison import Saison
from remontees.models import Remontee


class Command(BaseCommand):
    help = "Charge les remontées de la démonstration (appelée par « demo »)."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if Remontee.objects.exists():
            return
        # The letters of the past have left already: no worker is told of them.
        with patch("participation.socle.taches_differees.confier"):
            Saison().vivre()
            Courriel.objects.filter(etat=Courriel.Etat.A_ENVOYER).update(
                etat=Courriel.Etat.ENVOYE,
                envoye_le=F("cree_le"),
                tentatives=1,
                prochain_essai_le=timezone.now(),
            )
