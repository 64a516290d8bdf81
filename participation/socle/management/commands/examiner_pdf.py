"""Examine every attached PDF that the current check has not seen. To be run once after an upgrade."""

from typing import Any

from django.core.management.base import BaseCommand

from participation.socle.actions.examens import examiner_pdf


class Command(BaseCommand):
    help = (
        "Examine les PDF joints avant la règle en vigueur ; ceux qui agissent ne s’ouvrent plus dans la page."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        trouves = examiner_pdf(1_000_000)
        for trouve in trouves:
            self.stdout.write(trouve)
        self.stdout.write(
            "Ceux-là agissent ou ne s’ouvrent pas : ils se téléchargent."
            if trouves
            else "Aucun PDF n’agit parmi ceux qui restaient à examiner."
        )
