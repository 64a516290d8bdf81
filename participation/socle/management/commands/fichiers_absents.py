"""Step of a restore: say which files are named by the database and are not on the disk."""

from collections import defaultdict
from typing import Any

from django.core.management.base import BaseCommand

from participation.socle.actions.fichiers import fichiers_absents
from participation.socle.francais import accorder, enumerer

MONTRES = 20


class Command(BaseCommand):
    help = "Dit quels fichiers la base nomme et que le disque n’a pas (après une restauration, ou quand on en doute)."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        par_genre = defaultdict(list)
        for absent in fichiers_absents():
            par_genre[absent.quoi].append(absent.numero)
        if not par_genre:
            self.stdout.write("Aucun fichier ne manque.")
        for quoi, numeros in par_genre.items():
            # Neither a name nor a key: some of them open a person's page.
            montres = [f"nᵒ {numero}" for numero in numeros[:MONTRES] if isinstance(numero, int)]
            suite = [f"{len(numeros) - MONTRES} autres"] if montres and len(numeros) > MONTRES else []
            detail = f" ({enumerer([*montres, *suite])})" if montres else ""
            self.stdout.write(f"Il manque {accorder(len(numeros), 'fichier')} : {quoi}{detail}.")
