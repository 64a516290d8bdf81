"""Erasure of a person: her answers hold neither her name nor her address, and stay as numbers."""

from participation.socle.actions.oubli import Personne


def oublier(personne: Personne) -> None:
    """Nothing here leads to a person. Who takes her participation back takes her answers away (`oublier_reponses`)."""
