"""A rencontre that is open, one that was held."""

from participation.rencontres.demo.rencontres import Rencontres


def jouer() -> None:
    Rencontres().jouer()
