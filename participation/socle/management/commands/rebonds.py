"""Read delivery reports (RFC 3464) from files or standard input, and mark the letters that bounced."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from participation.socle.actions.courriels import traiter_rebond


class Command(BaseCommand):
    help = "Marque « rejeté » le courriel dont parle un avis de non-remise : manage.py rebonds < message"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "fichiers", nargs="*", type=Path, help="Messages (.eml) ; sans eux, l’entrée standard."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        messages = [chemin.read_bytes() for chemin in options["fichiers"]] or [sys.stdin.buffer.read()]
        for octets in messages:
            courriel = traiter_rebond(octets)
            # A mail server would send back a message whose processing fails: a message without effect is a
            # success too.
            self.stdout.write(
                f"Courriel {courriel.pk} : {courriel.get_etat_display()}"
                if courriel
                else "Aucun courriel concerné."
            )
