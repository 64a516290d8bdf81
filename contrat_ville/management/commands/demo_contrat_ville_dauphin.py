"""Load a file of the shape of Dauphin's into the demonstration of the Contrat de Ville: called by `demo`."""

from typing import Any

from django.core.management.base import BaseCommand

from contrat_ville.demo.dauphin import FichierDeDauphin
from participation.socle.management.scene import lettres_parties


class Command(BaseCommand):
    help = "Importe le fichier Dauphin de la démonstration."

    def handle(self, *args: Any, **options: Any) -> None:
        scene = FichierDeDauphin()
        scene.vivre()
        with lettres_parties():
            scene.poster()
