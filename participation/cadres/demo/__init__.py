"""Cadres of a démarche, announced and checked."""

from participation.cadres.demo.demarches import Demarches

SUIT = ("petitions", "rencontres")


def jouer() -> None:
    Demarches().jouer()
