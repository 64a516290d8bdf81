"""Whom to write to about a projet, and how: its team, who follows it."""

from collections.abc import Sequence

from contrat_ville.models import Projet
from contrat_ville.models.porteurs import adresses_de
from contrat_ville.notifications.papier import LETTRES, PAPIER, ecrire_sur_papier
from participation.socle.courrier import Piece, ecrire
from participation.socle.models import Courriel
from participation.socle.notifications import adresses_du_service


def moyen_vers(projet: Projet, lettre: str) -> str:
    """How its team is told: by mail; by a letter to post when none reaches it and it is worth one; else nothing."""
    if adresses_de(projet):
        return Courriel.Moyen.COURRIEL
    return PAPIER if lettre in LETTRES else ""


def contexte_de(projet: Projet, **contexte: object) -> dict[str, object]:
    return {"projet": projet, "lien": projet.get_porteur_url(), **contexte}


def ecrire_a_l_equipe(
    projet: Projet, lettre: str, *, cle: str | None = None, pieces: Sequence[Piece] = (), **contexte: object
) -> Courriel | None:
    """One letter to the whole team, answered to the agent who follows the projet. None when nothing leaves by itself: a letter
    to post is then made, when it is worth one."""
    moyen = moyen_vers(projet, lettre)
    if moyen == PAPIER:
        ecrire_sur_papier(projet, lettre, contexte_de(projet, **contexte))
    if moyen != Courriel.Moyen.COURRIEL:
        return None
    return ecrire(
        f"contrat_ville/{lettre}",
        a=adresses_de(projet),
        dossier=projet,
        cle=cle,
        pieces=pieces,
        repondre_a=projet.agent.courriel if projet.agent is not None else "",
        contexte=contexte_de(projet, **contexte),
    )


def adresses_de_l_agent(projet: Projet) -> list[str]:
    """Who follows it, or the service."""
    return [projet.agent.courriel] if projet.agent is not None else adresses_du_service()


def ecrire_a_l_agent(
    projet: Projet, lettre: str, *, cle: str | None = None, **contexte: object
) -> Courriel | None:
    return ecrire(
        f"contrat_ville/{lettre}",
        a=adresses_de_l_agent(projet),
        dossier=projet,
        cle=cle,
        contexte={"projet": projet, "lien": projet.get_absolute_url(), **contexte},
    )
