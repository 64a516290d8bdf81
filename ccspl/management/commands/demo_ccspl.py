"""Load a year of the CCSPL: séances, avis in every état, answers late or in time, through the acts of
users."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from ccspl.demo import mandatures
from ccspl.demo.a_venir import preparer
from ccspl.demo.annee import Annee
from ccspl.demo.renouvellement import renouveler
from ccspl.demo.troupe import Troupe
from ccspl.models import Avis
from participation.seances.models import Mandature
from participation.socle.management.scene import lettres_parties


class Command(BaseCommand):
    help = "Charge la CCSPL de la démonstration (appelée par « demo »)."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if Avis.objects.exists() or Mandature.objects.filter(instance__cle="ccspl").exists():
            return
        troupe = Troupe()
        with lettres_parties():
            mandatures.ancienne_mandature(troupe)
            annee = Annee(troupe, mandatures.installer_mandature(troupe))
            annee.vivre()
            preparer(annee)
            renouveler(troupe)
