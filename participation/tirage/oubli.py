"""Erasure of a person from the draws: her name and how to reach her. Her number stays: it says nothing of her."""

from participation.socle.actions.oubli import JOURNAL, Personne
from participation.tirage.models import Volontaire

GARDE = {"tirage.EntreeTirage": JOURNAL}
RESTE = {
    "tirage.Volontaire": "un numéro tiré au sort, qui ne dit rien de vous\u00a0: chacun doit pouvoir refaire le tirage"
}


def oublier(personne: Personne) -> None:
    """Erase at once. Before the list is frozen, she leaves it; after, the draw must stay verifiable without her name."""
    siens = personne.dans(Volontaire)
    siens.filter(numero="").delete()
    siens.update(nom="", courriel="", telephone="", foyer="", nonce="")
