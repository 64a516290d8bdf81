"""Who answered the questions of the profile, and actions of aller-vers."""

from participation.inclusion.demo.publics import Publics

SUIT = ("petitions", "budgets", "remontees", "rencontres")


def jouer() -> None:
    Publics().jouer()
