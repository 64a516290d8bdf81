"""Say that this folder of files is the one of the database, after it was replaced for good."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from participation.socle.fichiers import partage


class Command(BaseCommand):
    help = "Dit que ce dossier des fichiers est celui de la base, après son remplacement."

    def handle(self, *args: Any, **options: Any) -> None:
        partage.marquer()
        partage.adopter()
        if reproche := partage.reproche():
            raise CommandError(reproche)
        self.stdout.write("Ce dossier est maintenant celui de la base.")
