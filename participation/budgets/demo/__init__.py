"""Budgets in different phases, two forums, two votes."""

from participation.budgets.demo.budgets import Quartiers


def jouer() -> None:
    Quartiers().vivre()
