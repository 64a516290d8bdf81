"""Erasure of a person: the address of an association goes when it is hers."""

from participation.engagements.models import Collectif
from participation.socle.actions.oubli import ORGANISME, Personne

RESTE = {"engagements.Collectif": ORGANISME}


def oublier(personne: Personne) -> None:
    for boite in personne.adresses | personne.boites:
        Collectif.objects.filter(courriel__iexact=boite).update(courriel="")
