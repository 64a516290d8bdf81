"""Erasure of a person: her answers hold neither her name nor her address, and go with what she took part in."""

from participation.socle.actions.oubli import Personne


def oublier(personne: Personne) -> None:
    """Nothing here leads to a person: each app takes the answers away with the participation (`oublier_reponses`)."""
