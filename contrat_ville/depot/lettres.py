"""Letters about the deposit, withdrawal or erasure of a projet, and about the members of its team."""

from django.urls import reverse

from contrat_ville.models import Equipier
from participation.socle.courriels import porte
from participation.socle.courriels.porte import Mot, Reponse
from participation.socle.models import Compte


def inviter_equipier(equipier: Equipier, *, par: Compte) -> Reponse:
    lien = reverse("contrat_ville:rejoindre_equipe", args=[equipier.pk])
    return a_lui(equipier, "inviter_equipier", par, lien=lien)


def a_lui(equipier: Equipier, lettre: str, par: Compte, **mots: Mot) -> Reponse:
    """Write without a word of the team: its title and its names are read on the page, once signed in."""
    projet = equipier.projet
    return porte.ecrire(
        f"contrat_ville/{lettre}",
        a=equipier.compte.courriel,
        par=par,
        sujet=projet,
        dossier=projet,
        mots={
            "programmation": porte.lu(projet.programmation, "titre"),
            "est_signataire": equipier.est_signataire,
            "est_du_service": par.est_agent,
            "commence_le": projet.cree_le,
            **mots,
        },
    )
