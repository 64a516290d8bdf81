"""What is said, on the pages of acts, of a letter that leaves, that is to be posted, or that cannot be written."""

from collections.abc import Callable
from typing import Any

from contrat_ville.models import Projet
from contrat_ville.notifications.communs import contexte_de, moyen_vers
from participation.socle.actions.courriers import PAPIER
from participation.socle.models import Courriel
from participation.socle.views.pages import Lettre, Reserve

SANS_ENVOI = "Aucun courriel ne joint cette équipe"
UN_SMS = "Aucun courriel ne joint cette équipe : un SMS part au porteur."
A_POSTER = f"{SANS_ENVOI} : un courrier se prépare, à imprimer et à poster."


def et_l_equipe(lettre: str, dit: str, avant: str = "") -> Callable[[Projet], str]:
    """What an act will do, then how its team is told: `dit` when a mail reaches it."""

    def consequence(projet: Projet) -> str:
        moyen = moyen_vers(projet, lettre)
        suite = {Courriel.Moyen.COURRIEL: dit, Courriel.Moyen.SMS: UN_SMS, PAPIER: A_POSTER}.get(moyen)
        return f"{avant} {suite or f'{SANS_ENVOI}.'}".strip()

    return consequence


def c_est_dit(lettre: str, fait: str) -> Callable[[Projet, Any], str]:
    """What an act did; a warning when a courrier is to be posted, or when nothing could be sent."""

    def succes(projet: Projet, resultat: Any) -> str:
        moyen = moyen_vers(projet, lettre)
        if moyen == Courriel.Moyen.COURRIEL:
            return f"{fait} : son équipe est prévenue."
        if moyen == Courriel.Moyen.SMS:
            return f"{fait} : son porteur est prévenu par SMS."
        suite = (
            "imprimez le courrier, postez-le, puis notez-le posté"
            if moyen == PAPIER
            else "dites-le-lui vous-même"
        )
        return Reserve(f"{fait}. {SANS_ENVOI} : {suite}.")

    return succes


def lettre_vers(projet: Projet, lettre: str, /, **contexte: object) -> Lettre:
    """As it leaves: by mail, or on paper."""
    moyen = moyen_vers(projet, lettre) or Courriel.Moyen.COURRIEL
    return f"contrat_ville/{lettre}", {**contexte_de(projet), **contexte}, moyen
