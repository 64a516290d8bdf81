"""Erasure of a person: engagements hold neither name nor address of anybody but the accounts that wrote them."""

from participation.socle.actions.oubli import Personne


def oublier(personne: Personne) -> None:
    """Nothing here leads to a person."""
