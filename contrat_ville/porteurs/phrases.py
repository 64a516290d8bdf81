"""Sentences of the pages of acts about their letter: email, SMS, courrier to post, or none."""

from collections.abc import Callable
from typing import Any

from contrat_ville.models import Projet
from contrat_ville.porteurs.lettres import contexte_de, moyen_vers
from participation.socle.actions.courriers import PAPIER
from participation.socle.models import Courriel
from participation.socle.views.pages import Lettre, Reserve

SANS_ENVOI = "Aucun courriel ne joint cette équipe"
UN_SMS = "Aucun courriel ne joint cette équipe : un SMS part au porteur."
A_POSTER = f"{SANS_ENVOI} : un courrier se prépare, à imprimer et à poster."


def et_l_equipe(lettre: str, dit: str, avant: str = "") -> Callable[[Projet], str]:
    """Consequence of an act, then how the team is told. `dit`: sentence used when an email leaves."""

    def consequence(projet: Projet) -> str:
        moyen = moyen_vers(projet, lettre)
        suite = {Courriel.Moyen.COURRIEL: dit, Courriel.Moyen.SMS: UN_SMS, PAPIER: A_POSTER}.get(moyen)
        return f"{avant} {suite or f'{SANS_ENVOI}.'}".strip()

    return consequence


def c_est_dit(lettre: str, fait: str) -> Callable[[Projet, Any], str]:
    """Result of an act, with a warning if a courrier is to be posted or nothing could be sent."""

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
    """Preview of the letter as it will leave, by email or on paper."""
    moyen = moyen_vers(projet, lettre) or Courriel.Moyen.COURRIEL
    return f"contrat_ville/{lettre}", {**contexte_de(projet), **contexte}, moyen
