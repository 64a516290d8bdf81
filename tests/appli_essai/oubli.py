"""Erasure of a person from the réclamations: her support goes, with the letters that hold its link."""

from participation.socle.actions.oubli import Personne
from tests.appli_essai.models import Appui


def oublier(personne: Personne) -> None:
    Appui.effacer(list(personne.dans(Appui).values_list("pk", flat=True)))
