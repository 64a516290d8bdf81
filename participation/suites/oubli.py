"""Erasure of a person: delete the subscriptions of their addresses, forget who gave a verdict."""

from participation.socle.actions.oubli import JOURNAL, Personne
from participation.socle.regles.adresses import empreinte
from participation.suites.models import Abonnement, Sollicitation
from participation.suites.verdicts.actes import USAGE

GARDE = {"suites.ChangementSuite": JOURNAL}


def oublier(personne: Personne) -> None:
    boites = {personne.courriel, personne.boite}
    for boite in boites:
        Abonnement.objects.filter(courriel__iexact=boite).delete()
        if boite:
            Sollicitation.objects.filter(personne=empreinte(boite, USAGE)).update(personne="")
