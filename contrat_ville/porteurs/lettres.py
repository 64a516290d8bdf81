"""How to reach the team of a projet, by mail, SMS or paper, and its agent; what the pages of acts say of it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from contrat_ville.models import Projet
from contrat_ville.models.porteurs import adresses_de, lignes_d_adresse
from participation.socle.actions.courriers import PAPIER, ecrire_courrier
from participation.socle.courriels import sms
from participation.socle.courriels.ecriture import Piece, ecrire
from participation.socle.courriels.lettres import adresses_du_service
from participation.socle.models import Courriel, Courrier, ReglageService
from participation.socle.views.pages import Lettre, Reserve

# Signed by whoever signs the decisions. The other letters come from the service.
DECISIONS = frozenset({"declarer_irrecevable", "ajourner", "lever_reserve", "rouvrir", "repondre_recours"})


# Letters worth a stamp: an answer the team waits for, or something it owes.
LETTRES = DECISIONS | {
    "recevoir_recours",
    "attendre_bilan",
    "renvoyer_bilan",
    "saisir_bilan",
    "clore",
    "arreter_comptes",
}


def ecrire_sur_papier(projet: Projet, lettre: str, contexte: Mapping[str, object]) -> Courrier:
    porteur = projet.porte_par
    return ecrire_courrier(
        projet,
        f"contrat_ville/{lettre}",
        contexte,
        destinataire=lignes_d_adresse(porteur),
        a_une_adresse=porteur is not None and porteur.a_une_adresse,
        surtitre=projet.programmation.titre,
        signataire=contexte["signataire"] if lettre in DECISIONS else "",
    )


# Letters short enough for an SMS.
PAR_SMS = frozenset({"saisir_bilan"})


def moyen_vers(projet: Projet, lettre: str) -> str:
    """Return how the team is reached: email; else SMS for a short letter; else paper, or "" for nothing.

    Paper is only for the letters of LETTRES.
    """
    return _moyen_et_adresses(projet, lettre)[0]


def _moyen_et_adresses(projet: Projet, lettre: str) -> tuple[str, list[str]]:
    if adresses := adresses_de(projet):
        return Courriel.Moyen.COURRIEL, adresses
    if lettre in PAR_SMS and (numero := numero_de(projet)):
        return Courriel.Moyen.SMS, [numero]
    return (PAPIER if lettre in LETTRES else ""), []


def numero_de(projet: Projet) -> str:
    """Return the number in E.164; "" when no SMS is sent to the porteur."""
    porteur = projet.porte_par
    return sms.numero_de(porteur.telephone) if porteur is not None else ""


def contexte_de(projet: Projet, **contexte: object) -> dict[str, object]:
    service = ReglageService.actuel()
    return {
        "projet": projet,
        "lien": projet.get_porteur_url(),
        "service": service,
        "signataire": signataire_de(projet, service),
        **contexte,
    }


def signataire_de(projet: Projet, service: ReglageService) -> str:
    """Return who signs the decisions on this projet: the one of its programmation, else of the service."""
    return projet.programmation.signataire or service.signataire


def ecrire_a_l_equipe(
    projet: Projet, lettre: str, *, cle: str | None = None, pieces: Sequence[Piece] = (), **contexte: object
) -> Courriel | None:
    """Write one letter to the whole team; replies go to the agent who follows the projet.

    Return None when nothing is sent automatically: a letter to post is made instead, if the letter is one of
    LETTRES.
    """
    moyen, adresses = _moyen_et_adresses(projet, lettre)
    if moyen == PAPIER:
        ecrire_sur_papier(projet, lettre, contexte_de(projet, **contexte))
    if moyen in {PAPIER, ""}:
        return None
    par_sms = moyen == Courriel.Moyen.SMS
    return ecrire(
        f"contrat_ville/{lettre}",
        a=adresses,
        dossier=projet,
        cle=cle,
        pieces=pieces,
        repondre_a=projet.agent.courriel if projet.agent is not None and not par_sms else "",
        contexte=contexte_de(projet, **contexte),
        moyen=moyen,
    )


def adresses_de_l_agent(projet: Projet) -> list[str]:
    """Return the address of the agent who follows the projet, or those of the service."""
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
