"""Errors of an act, each with a French sentence for the person."""

from collections.abc import Iterable


class Manque(str):
    """What must be done first, in a sentence, and the address where it is done (`ou`), if one is known."""

    ou: str

    def __new__(cls, phrase: str, ou: str) -> "Manque":
        manque = super().__new__(cls, phrase)
        manque.ou = ou
        return manque

    def __str__(self) -> str:
        """Keep the address through the lists of errors of Django, which call `str`."""
        return self


def situer(phrases: Iterable[str]) -> list[Manque]:
    """Give an address, "" by default, to each sentence: what a page needs to show them."""
    return [phrase if isinstance(phrase, Manque) else Manque(phrase, "") for phrase in phrases]


class ErreurMetier(Exception):
    """A rule refuses the act. The message is shown as it is; nothing was changed."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class ActeInterdit(ErreurMetier):
    """The act is not possible in the present état: somebody acted before (shown as a 409 page)."""


class RoleInsuffisant(ErreurMetier):
    """The person has none of the roles that the table asks for (shown as a 403 page)."""
