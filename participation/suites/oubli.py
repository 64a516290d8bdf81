"""Erasure of a person: delete the subscriptions of their addresses, forget who gave a verdict."""

from typing import Any

from django.db.models import Model, Q, QuerySet

from participation.socle.actions.oubli import JOURNAL, Personne
from participation.socle.models import Dossier
from participation.socle.regles.adresses import empreinte
from participation.suites.models import Abonnement, Sollicitation, Verdict
from participation.suites.verdicts import USAGE

GARDE = {"suites.ChangementSuite": JOURNAL}


def autour(dossier: Dossier) -> dict[str, QuerySet[Any, Any]]:
    """Who follows a dossier, forgotten with the whole démarche."""
    return {"abonnements": Abonnement.objects.filter(dossier=dossier)}


def lignes(personne: Personne) -> dict[type[Model], Q]:
    """What she follows, by her mailbox too; what she was asked and said of the suites, known by a hash of her address."""
    sien = [empreinte(boite, USAGE) for boite in personne.adresses | personne.boites]
    return {
        Abonnement: personne.a_sa_boite("courriel"),
        Sollicitation: Q(personne__in=sien),
        Verdict: Q(sollicitation__personne__in=sien),
    }


def oublier(personne: Personne) -> None:
    siennes = lignes(personne)
    Abonnement.objects.filter(siennes[Abonnement]).delete()
    Sollicitation.objects.filter(siennes[Sollicitation]).update(personne="")
