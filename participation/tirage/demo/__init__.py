"""Two draws: one made, one in preparation."""

from participation.tirage.demo.panels import Panels


def jouer() -> None:
    Panels().jouer()
