"""Letters to the co-petitioners."""

from django.urls import reverse

from participation.socle.courriels import porte
from participation.socle.courriels.ecriture import ecrire
from petitions.models import CoPetitionnaire, Petition

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


def inviter_copetitionnaire(
    copetitionnaire: CoPetitionnaire, *, jeton: str, relance: bool, est_venu: bool
) -> porte.Reponse:
    """`est_venu`: the person asked to join by the shared link, nobody gave their address."""
    requis = copetitionnaire.petition.reglement.copetitionnaires_requis
    return _par_la_porte(
        "inviter_copetitionnaires", copetitionnaire, jeton, relance=relance, requis=requis, est_venu=est_venu
    )


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


def copetitionnaires_reunis(petition: Petition) -> None:
    if petition.auteur is not None:
        ecrire(
            "petitions/copetitionnaires_reunis",
            a=[petition.auteur.courriel],
            dossier=petition,
            cle=f"copetitionnaires_reunis:{petition.pk}",
            contexte={"petition": petition, "lien": reverse("petitions:deposer", args=[petition.pk])},
        )
