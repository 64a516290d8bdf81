"""A year of the CCSPL, lived through the acts of its users at their dates: séances, avis in every état, answers late and in time."""

from typing import Any
from unittest.mock import patch

from django.core.management.base import BaseCommand
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from ccspl.demo import mandatures
from ccspl.demo.a_venir import preparer
from ccspl.demo.annee import Annee
from ccspl.demo.renouvellement import renouveler
from ccspl.demo.troupe import Troupe
from ccspl.models import Avis
from participation.seances.models import Mandature
from participation.socle.models import Courriel


class Command(BaseCommand):
    help = "Charge la CCSPL de la démonstration (appelée par « demo »)."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if Avis.objects.exists() or Mandature.objects.filter(instance__cle="ccspl").exists():
            return
        troupe = Troupe()
        # The letters of the past have left already: no worker is told of them.
        with patch("participation.socle.taches_differees.confier"):
            mandatures.ancienne_mandature(troupe)
            annee = Annee(troupe, mandatures.installer_mandature(troupe))
            annee.vivre()
            preparer(annee)
            renouveler(troupe)
            self._lettres()

    def _lettres(self) -> None:
        """What was written left on its day."""
        Courriel.objects.filter(etat=Courriel.Etat.A_ENVOYER).update(
            etat=Courriel.Etat.ENVOYE, envoye_le=F("cree_le"), tentatives=1, prochain_essai_le=timezone.now()
        )
