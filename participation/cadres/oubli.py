"""Erasure of a person from the cadres: they name nobody."""

from participation.socle.actions.oubli import Personne


def oublier(personne: Personne) -> None:
    """Nothing here is kept under a mailbox."""
