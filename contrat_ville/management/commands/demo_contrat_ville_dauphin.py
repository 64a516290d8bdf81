"""Load the demonstration of an import in the format of Dauphin."""

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
