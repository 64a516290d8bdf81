"""Load a first règlement of the suites. No text of law fixes these delays: the service may change them. Idempotent."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand

from participation.suites.models import ReglementSuites


class Command(BaseCommand):
    help = "Charge les délais de départ des suites (rappels, relances, escalade), s’il n’y en a pas encore."

    def handle(self, *args: Any, **options: Any) -> None:
        if ReglementSuites.objects.exists():
            return  # the agents have their own règlement
        ReglementSuites.objects.create(
            version="départ",
            en_vigueur_du=date(2024, 1, 1),
            source="Réglages de départ, proposés avec l’application. Aucun texte connu ne fixe ces délais : "
            "le service les règle, ou en écrit une nouvelle version.",
            rappels=[30, 7],
            relances=[8, 45],
            escalade=15,
            escalade_elu=30,
            objectif_jours=90,
            conservation_demandes_jours=7,
            demandes_par_jour=10,
        )
