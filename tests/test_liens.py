"""Every link opens for who is shown it: the demonstration, walked as one reader of each kind."""

import pytest

from participation.socle.management.commands.demo import DOMAINE
from participation.socle.management.commands.liens import Promenade
from participation.socle.models import Compte
from participation.socle.workflow import Role

pytestmark = pytest.mark.usefixtures("demonstration", "marche")

LECTEURS = ("petitionnaire", "membre", "accueil", "commune", "direction", "elue", "agent")


def test_every_link_opens_for_who_is_shown_it():
    """Two addresses of each route, one for an agent, who has hundreds; the command `liens` walks further."""
    visiteur: Promenade | None = None
    refus = []
    for compte in [None, *(Compte.objects.get(courriel=f"{cle}@{DOMAINE}") for cle in LECTEURS)]:
        agent = compte is not None and Role.AGENT in compte.roles
        promenade = Promenade(compte, 1 if agent else 2, visiteur)
        refus += [(*un, str(compte or "visiteur")) for un in promenade.refus()]
        visiteur = visiteur or promenade
    assert not refus, "\n".join(" ".join(map(str, un)) for un in refus)
