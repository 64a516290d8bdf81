"""A season of remontées, from reception to answer."""

from remontees.demo.saison import Saison


def jouer() -> None:
    Saison().vivre()
