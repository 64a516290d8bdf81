"""The quartiers followed by their référents, lived through the acts of their users at their dates."""

from typing import Any
from unittest.mock import patch

from django.core.management.base import BaseCommand
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from contrat_ville.demo.suivi import Suivi
from contrat_ville.models import GroupeDiscussion
from participation.socle.models import Courriel


class Command(BaseCommand):
    help = "Charge le suivi des quartiers de la démonstration (appelée par « demo »)."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if GroupeDiscussion.objects.exists():
            return
        # The letters of the past have left already: no worker is told of them.
        with patch("participation.socle.taches_differees.confier"):
            Suivi().vivre()
            Courriel.objects.filter(etat=Courriel.Etat.A_ENVOYER).update(
                etat=Courriel.Etat.ENVOYE,
                envoye_le=F("cree_le"),
                tentatives=1,
                prochain_essai_le=timezone.now(),
            )
