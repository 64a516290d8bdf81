"""A panel for each stage."""

from participation.panels.demo.panels import Panels

SUIT = ("petitions", "tirage")


def jouer() -> None:
    Panels().jouer()
