"""Load, once, how long each kind of letter is kept."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand

from participation.socle.models import DelaiCourriel, ReglementCourriels

MOIS = 30
# Shorter for letters with a signed link, or addressed to a person without an account: kept only as long as
# needed.
DELAIS = {
    "ccspl/resume_mensuel": 6 * MOIS,
    "droits/": 7,
    "petitions/abandonner_brouillon": MOIS,
    "petitions/adresse_deja_servie": 6 * MOIS,
    "petitions/deja_copetitionnaire": 6 * MOIS,
    "petitions/deja_signe": 6 * MOIS,
    "petitions/inviter_copetitionnaires": 6 * MOIS,
    "petitions/prevenir_du_changement": 6 * MOIS,
    "petitions/relancer_signature": 6 * MOIS,
    "petitions/signer": 6 * MOIS,
    "renouvellement/": 24 * MOIS,
    "socle/fermer_compte": 7,
    "socle/inviter": 6 * MOIS,
    "suites/suivre": MOIS,
}


class Command(BaseCommand):
    help = "Charge les délais de départ de la conservation des courriels, s’il n’y en a pas encore."

    def handle(self, *args: Any, **options: Any) -> None:
        if ReglementCourriels.objects.exists():
            return  # from then on agents edit the delays
        reglement = ReglementCourriels.objects.create(
            version="départ",
            en_vigueur_du=date(2024, 1, 1),
            source="Réglages de départ, proposés avec l’application, à confirmer avec le délégué à la protection des données "
            "et les archives. Le service les règle, ou en écrit une nouvelle version.",
            jours_codes=7,
            jours=60 * MOIS,
        )
        DelaiCourriel.objects.bulk_create(
            DelaiCourriel(reglement=reglement, lettre=lettre, jours=jours) for lettre, jours in DELAIS.items()
        )
