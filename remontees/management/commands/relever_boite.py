"""Command that reads the mailbox at once; a periodic task does so every minute."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from participation.socle.erreurs import ErreurMetier
from participation.socle.francais import accorder
from remontees.boite import actes as boite
from remontees.boite import releve


class Command(BaseCommand):
    help = "Relève la boîte de BOITE_URL et traite ce qui est arrivé."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            lus = releve.relever()
        except ErreurMetier as erreur:
            raise CommandError(erreur.message) from erreur
        faits = boite.traiter_ce_qui_attend()
        self.stdout.write(f"{accorder(lus, 'courriel')} en plus, {accorder(faits, 'traité')}.")
