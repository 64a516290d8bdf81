"""Prepare the database for `make run`, in one process so that the project is loaded once."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from participation.socle.models import Compte


class Command(BaseCommand):
    help = "Met les tables et les données de référence à jour ; charge la démonstration si on la demande et qu’elle manque."
    requires_system_checks: list[str] = []  # done by the worker, started at the same time

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--demonstration", action="store_true")
        parser.add_argument(
            "--comptes", action="store_true", help="Écrit à la fin les comptes de démonstration."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write("Mise à jour des tables…")
        call_command("migrate", interactive=False, verbosity=0)
        self.stdout.write("Données de référence…")
        call_command("charger_referentiel", verbosity=0)
        if options["demonstration"]:
            self.stdout.write("Démonstration, la première fois seulement…")
            call_command("demo", stdout=self.stdout)
        if options["comptes"]:
            call_command("demo", comptes=True, stdout=self.stdout)
        elif not Compte.objects.filter(is_active=True, is_superuser=True).exists():
            self.stdout.write('Premier administrateur : make manage CMD="administrateur votre@adresse.fr"')
