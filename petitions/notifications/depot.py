"""Letters of the deposit: invitations, accusé de réception, withdrawal."""

from collections.abc import Iterable

from django.urls import reverse

from participation.socle import porte
from participation.socle.courrier import ecrire, ecrire_a_chacun
from participation.socle.models import ReglageService
from participation.socle.notifications import adresses_du_service
from petitions.models import CoPetitionnaire, Petition
from petitions.notifications.nouvelles import ecrire_aux_petitionnaires, petitionnaires

# Letters to people without an account, erased with their address.
LETTRES_AUX_COPETITIONNAIRES = [
    f"petitions/{lettre}"
    for lettre in (
        "inviter_copetitionnaires",
        "deja_copetitionnaire",
        "prevenir_du_changement",
        "deposer_copetitionnaires",
    )
]


def inviter_copetitionnaire(copetitionnaire: CoPetitionnaire, *, jeton: str, relance: bool) -> porte.Reponse:
    requis = copetitionnaire.petition.reglement.copetitionnaires_requis
    return _par_la_porte("inviter_copetitionnaires", copetitionnaire, jeton, relance=relance, requis=requis)


def deja_copetitionnaire(copetitionnaire: CoPetitionnaire, *, jeton: str) -> None:
    """Tell a co-pétitionnaire who asks again to join: the page must not reveal it."""
    _par_la_porte("deja_copetitionnaire", copetitionnaire, jeton, confirme_le=copetitionnaire.confirme_le)


def _par_la_porte(
    lettre: str, copetitionnaire: CoPetitionnaire, jeton: str, **mots: porte.Mot
) -> porte.Reponse:
    petition = copetitionnaire.petition
    return porte.ecrire(
        f"petitions/{lettre}",
        a=copetitionnaire.courriel,
        par=petition.auteur,
        sujet=petition,
        dossier=petition,
        au_plus=petition.reglement.courriels_max,
        mots={"lien": reverse("petitions:confirmer_copetitionnaire", args=[jeton]), **mots},
    )


def prevenir_du_changement(copetitionnaire: CoPetitionnaire, *, jeton: str) -> None:
    """Tell a person who confirmed another text.

    The difference is on the linked page: no agent has read it.
    """
    ecrire(
        "petitions/prevenir_du_changement",
        a=[copetitionnaire.courriel],
        dossier=copetitionnaire.petition,
        contexte={
            "copetitionnaire": copetitionnaire,
            "petition": copetitionnaire.petition,
            "lien": reverse("petitions:confirmer_copetitionnaire", args=[jeton]),
        },
    )


def copetitionnaires_reunis(petition: Petition) -> None:
    if petition.auteur is not None:
        ecrire(
            "petitions/copetitionnaires_reunis",
            a=[petition.auteur.courriel],
            dossier=petition,
            cle=f"copetitionnaires_reunis:{petition.pk}",
            contexte={"petition": petition, "lien": reverse("petitions:deposer", args=[petition.pk])},
        )


def deposer(petition: Petition) -> None:
    """Accusé de réception to the author (CRPA L112-3, R112-5), letters to the co-pétitionnaires and to the
    service."""
    contexte = {
        "petition": petition,
        "reglement": petition.reglement,
        "echeance": petition.echeance_legale(),
        "service": ReglageService.actuel(),
        "nombre": petition.copetitionnaires.confirmes().count(),
        "lien": reverse("petitions:ma_petition", args=[petition.pk]),
    }
    auteur = petition.auteur.courriel if petition.auteur else ""
    adresses = petitionnaires(petition)
    if auteur in adresses:
        cle = f"deposer:{petition.pk}"
        ecrire("petitions/deposer", a=[auteur], dossier=petition, cle=cle, contexte=contexte)
    autres = [adresse for adresse in adresses if adresse != auteur]
    ecrire_a_chacun("petitions/deposer_copetitionnaires", a=autres, dossier=petition, contexte=contexte)
    ecrire(
        "petitions/deposer_service",
        a=adresses_du_service(),
        dossier=petition,
        contexte={**contexte, "lien": petition.get_absolute_url()},
    )


def retirer(petition: Petition) -> None:
    ecrire_aux_petitionnaires(petition, "petitions/retirer", {"petition": petition})
    ecrire(
        "petitions/retirer_service",
        a=adresses_du_service(),
        dossier=petition,
        contexte={"petition": petition, "lien": petition.get_absolute_url()},
    )


def abandonner_brouillon(petition: Petition, *, adresses: Iterable[str]) -> None:
    ecrire_a_chacun(
        "petitions/abandonner_brouillon", a=adresses, dossier=petition, contexte={"petition": petition}
    )
