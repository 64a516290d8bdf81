"""Messages of the author: pages of the author and of agents."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone

from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte
from participation.socle.views.dossier import boutons_de
from participation.socle.views.pages import Page, pages, pages_de
from petitions.models import Nouvelle, Petition
from petitions.nouvelles import actes
from petitions.nouvelles.lettres import voulues
from petitions.workflow import AVEC_SIGNATAIRES


def nouvelle_du_bureau(request: RequeteConnectee, pk: int) -> Nouvelle:
    petitions = Petition.objects.au_bureau_de(request.user)
    return _trouver(pk, petition__in=petitions)


def nouvelle_de_l_auteur(request: RequeteConnectee, pk: int) -> Nouvelle:
    return _trouver(pk, petition__auteur=request.user)


def _trouver(pk: int, **siennes: Any) -> Nouvelle:
    nouvelles = Nouvelle.objects.select_related("petition__reglement", "petition__auteur", "petition__agent")
    return get_object_or_404(nouvelles.filter(**siennes), pk=pk)


PAGES_DE_L_AUTEUR: dict[str, Page[Petition]] = pages_de(Petition, actes)


PAGES_DES_NOUVELLES_DE_L_AUTEUR: dict[str, Page[Nouvelle]] = pages(actes.reprendre_nouvelle)


PAGES_DES_NOUVELLES: dict[str, Page[Nouvelle]] = pages(
    actes.publier_nouvelle, actes.refuser_nouvelle, actes.depublier_nouvelle
)


def nouvelles_pour(petition: Petition, compte: Compte) -> dict[str, Any]:
    """Return all the messages with the buttons allowed to this account, for the dossier and for the
    author."""
    lignes = [
        (nouvelle, boutons_de(nouvelle, compte))
        for nouvelle in petition.nouvelles.select_related("petition__reglement", "decidee_par")
    ]
    permises = petition.etat in AVEC_SIGNATAIRES
    return {
        "nouvelles": lignes,
        "peut_ecrire": petition.permet("proposer_nouvelle", compte),
        "pourquoi_pas": petition.manques("proposer_nouvelle", compte) if permises else [],
        "veulent": voulues(petition) if permises else 0,
        "jour": timezone.localdate(),
    }
