"""Erasure of a person: delete the subscriptions of their addresses."""

from participation.socle.actions.oubli import JOURNAL, Personne
from participation.suites.models import Abonnement

GARDE = {"suites.ChangementSuite": JOURNAL}


def oublier(personne: Personne) -> None:
    boites = {personne.courriel, personne.boite}
    for boite in boites:
        Abonnement.objects.filter(courriel__iexact=boite).delete()
