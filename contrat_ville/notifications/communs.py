"""Whom to write to about a projet: its team, who follows it."""

from collections.abc import Sequence

from contrat_ville.models import Projet
from contrat_ville.models.porteurs import adresses_de
from participation.socle.courrier import Piece, ecrire
from participation.socle.models import Courriel
from participation.socle.notifications import adresses_du_service


def ecrire_a_l_equipe(
    projet: Projet, lettre: str, *, cle: str | None = None, pieces: Sequence[Piece] = (), **contexte: object
) -> Courriel | None:
    """One letter to the whole team, answered to the agent who follows the projet. None when nobody is left to tell."""
    adresses = adresses_de(projet)
    if not adresses:
        return None
    return ecrire(
        f"contrat_ville/{lettre}",
        a=adresses,
        dossier=projet,
        cle=cle,
        pieces=pieces,
        repondre_a=projet.agent.courriel if projet.agent is not None else "",
        contexte={"projet": projet, "lien": projet.get_porteur_url(), **contexte},
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
