"""Letters about the deposit, withdrawal or erasure of a projet, and about the members of its team."""

from datetime import date

from contrat_ville.models import Equipier, Projet
from contrat_ville.notifications.communs import ecrire_a_l_agent, ecrire_a_l_equipe
from participation.socle.courrier import ecrire
from participation.socle.models import Compte


def deposer(projet: Projet) -> None:
    ecrire_a_l_equipe(projet, "deposer", cle=f"depot:{projet.pk}")


def retirer(projet: Projet, *, motif: str) -> None:
    ecrire_a_l_agent(projet, "retirer", motif=motif)


def prevenir_peremption(projet: Projet, *, le: date) -> None:
    ecrire_a_l_equipe(projet, "prevenir_peremption", le=le)


def inviter_equipier(equipier: Equipier, *, par: Compte) -> None:
    _a_lui(equipier, "inviter_equipier", par)


def retirer_equipier(equipier: Equipier, *, par: Compte) -> None:
    if par.pk != equipier.compte_id:
        _a_lui(equipier, "retirer_equipier", par)


def _a_lui(equipier: Equipier, lettre: str, par: Compte) -> None:
    projet = equipier.projet
    ecrire(
        f"contrat_ville/{lettre}",
        a=[equipier.compte.courriel],
        dossier=projet,
        repondre_a=par.courriel,
        contexte={"projet": projet, "equipier": equipier, "par": par, "lien": projet.get_porteur_url()},
    )
