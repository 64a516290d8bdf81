"""Erasure of a person: delete the subscriptions of their addresses, forget who gave a verdict."""

from typing import Any

from django.db.models import QuerySet

from participation.socle.actions.oubli import JOURNAL, Personne
from participation.socle.models import Dossier
from participation.socle.regles.adresses import empreinte
from participation.suites.models import Abonnement, Sollicitation
from participation.suites.verdicts import USAGE

GARDE = {"suites.ChangementSuite": JOURNAL}


def autour(dossier: Dossier) -> dict[str, QuerySet[Any, Any]]:
    """Who follows a dossier, forgotten with the whole démarche."""
    return {"abonnements": Abonnement.objects.filter(dossier=dossier)}


def oublier(personne: Personne) -> None:
    for boite in personne.adresses | personne.boites:
        Abonnement.objects.filter(courriel__iexact=boite).delete()
        Sollicitation.objects.filter(personne=empreinte(boite, USAGE)).update(personne="")
