"""Follow the links of the demonstration as one reader of each kind: each must open."""

import pytest

from participation.socle.management.commands.demo import DOMAINE
from participation.socle.management.commands.liens import Promenade
from participation.socle.models import Compte
from participation.socle.workflow import Role

pytestmark = pytest.mark.usefixtures("demonstration", "marche")

LECTEURS = ("petitionnaire", "membre", "accueil", "commune", "direction", "elue", "agent")


def test_every_link_opens_for_who_is_shown_it():
    """Two URLs of each route, one for an agent, who sees hundreds. The command `liens` goes further."""
    visiteur = Promenade(None, 2)
    refus = [(*un, "visiteur") for un in visiteur.refus()]
    comptes = [Compte.objects.get(courriel=f"{cle}@{DOMAINE}") for cle in LECTEURS]
    # Signed in before the first page: signing in writes, and a write empties the cache of the walk.
    promenades = [Promenade(compte, 1 if Role.AGENT in compte.roles else 2, visiteur) for compte in comptes]
    for compte, promenade in zip(comptes, promenades, strict=True):
        refus += [(*un, str(compte)) for un in promenade.refus()]
    assert not refus, "\n".join(" ".join(map(str, un)) for un in refus)
