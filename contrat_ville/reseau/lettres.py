"""Letters of the network to a team. They hold no address: the team answers on its own page."""

from typing import Any

from contrat_ville.models import MessageReseau, Projet, Voisin
from contrat_ville.porteurs.lettres import ecrire_a_l_equipe
from participation.socle.models import Courriel


def _ecrire(a: Projet, lettre: str, de: Projet, **contexte: Any) -> Courriel | None:
    """Write to the team of `a` about `de`, named only by its projet and its porteur."""
    return ecrire_a_l_equipe(a, lettre, autre=de, lien_reseau=a.get_reseau_url(), **contexte)


def proposer_contact(recu: Voisin) -> None:
    """`recu`: the row of the team that is asked."""
    _ecrire(recu.projet, "proposer_contact", recu.autre, raisons=recu.raisons)


def accepter_contact(voisin: Voisin) -> None:
    _ecrire(voisin.autre, "accepter_contact", voisin.projet)


def decliner_contact(voisin: Voisin) -> None:
    _ecrire(voisin.autre, "decliner_contact", voisin.projet)


def rompre_contact(voisin: Voisin) -> None:
    _ecrire(voisin.autre, "rompre_contact", voisin.projet)


def ecrire_voisin(message: MessageReseau) -> None:
    _ecrire(message.voisin.autre, "ecrire_voisin", message.voisin.projet, message=message)


def terminer_contact(voisin: Voisin, *, motif: str) -> None:
    for de, autre in ((voisin.projet, voisin.autre), (voisin.autre, voisin.projet)):
        _ecrire(de, "terminer_contact", autre, motif=motif)
