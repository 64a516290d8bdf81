"""Errors of an act, each with a French sentence for the person."""

from typing import Any


class Manque(str):
    """What must be done first, in a sentence, and where it is done.

    `ou`: an address. `acte`: the act that mends it, on `objet`, by default the object of the act that is refused; it
    becomes an address for who may do it now (`situer`).
    """

    ou: str
    acte: str
    objet: Any

    def __new__(cls, phrase: str, ou: str = "", *, acte: str = "", objet: Any = None) -> "Manque":
        manque = super().__new__(cls, phrase)
        manque.ou, manque.acte, manque.objet = ou, acte, objet
        return manque

    def __str__(self) -> str:
        """Keep the address through the lists of errors of Django, which call `str`."""
        return self


class ErreurMetier(Exception):
    """A rule refuses the act. The message is shown as it is; nothing was changed."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class ActeInterdit(ErreurMetier):
    """The act is not possible in the present état: somebody acted before (shown as a 409 page)."""


class RoleInsuffisant(ErreurMetier):
    """The person has none of the roles that the table asks for (shown as a 403 page)."""
