"""Erasure of a person: the address of an association goes when it is hers."""

from django.db.models import Model, Q

from participation.engagements.models import Collectif
from participation.socle.actions.oubli import ORGANISME, Personne

RESTE = {"engagements.Collectif": ORGANISME}


def lignes(personne: Personne) -> dict[type[Model], Q]:
    return {Collectif: personne.a_sa_boite("courriel")}


def oublier(personne: Personne) -> None:
    Collectif.objects.filter(personne.a_sa_boite("courriel")).update(courriel="")
