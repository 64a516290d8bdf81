"""Load the first tasks of a temps fort, in our own words. Idempotent."""

from typing import Any

from django.core.management.base import BaseCommand

from participation.engagements.models import TacheType

TACHES = (
    (90, "Choisir le jour et le lieu avec l’association"),
    (60, "Demander à chaque direction où elle en est"),
    (45, "Écrire les fiches en facile à lire, et les traduire"),
    (30, "Inviter, par courriel et sur papier"),
    (21, "Réserver les interprètes, la garde d’enfants, le transport"),
    (14, "Faire relire les fiches par des membres"),
    (7, "Imprimer les fiches en grands caractères"),
    (2, "Préparer la salle : boucle magnétique, écran, tables"),
)


class Command(BaseCommand):
    help = "Charge les tâches de départ des temps forts, s’il n’y en a pas encore."

    def handle(self, *args: Any, **options: Any) -> None:
        if not TacheType.objects.exists():
            TacheType.objects.bulk_create(
                TacheType(libelle=libelle, jours_avant=jours) for jours, libelle in TACHES
            )
