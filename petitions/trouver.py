"""Pétitions by number, as the visitor may see them, and the steps of a deposit."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from participation.socle.http.protocole import ferme
from participation.socle.http.requete import RequeteConnectee, est_un_numero
from participation.socle.workflow import Role
from petitions.models import Petition, TacheCampagne
from petitions.workflow import Etat

BUREAU = (Role.AGENT, Role.AGENT_DIRECTION, Role.AGENT_COMMUNE, Role.ELU, Role.MEMBRE)


def petition_du_bureau(request: RequeteConnectee, pk: int) -> Petition:
    petitions = Petition.objects.au_bureau_de(request.user)
    return get_object_or_404(
        petitions.select_related(
            "reglement", "agent", "auteur", "commune_auteur", "motif_irrecevabilite", "direction"
        ),
        pk=pk,
    )


def petition_du_comite(request: RequeteConnectee, pk: int) -> Petition:
    """Raise PermissionDenied for accounts outside the back office, whether or not the pétition exists."""
    if request.user.roles.isdisjoint(BUREAU):
        raise PermissionDenied
    return petition_du_bureau(request, pk)


def tache_du_bureau(request: RequeteConnectee, pk: int) -> TacheCampagne:
    petitions = Petition.objects.au_bureau_de(request.user)
    return get_object_or_404(
        TacheCampagne.objects.filter(petition__in=petitions).select_related("petition"), pk=pk
    )


ETAPES = {
    "demande": "Demande",
    "competence": "Qui peut agir",
    "vous": "Vous",
    "pieces": "Pièces",
    "copetitionnaires": "Co-pétitionnaires",
    "deposer": "Relire et déposer",
}


def numero(request: HttpRequest, champ: str) -> int:
    """Return the number sent by a button of the page; raises Http404 for anything else."""
    valeur = request.POST.get(champ)
    if not est_un_numero(valeur):
        raise Http404
    return int(valeur)


def brouillon_de(request: RequeteConnectee, pk: int) -> Petition:
    """Return a pétition of this author, draft or filed; raises Http404 for anybody else's."""
    siennes = Petition.objects.filter(auteur=request.user).exclude(etat=Etat.RETIREE, deposee_le__isnull=True)
    return get_object_or_404(siennes.select_related("reglement", "commune_auteur", "auteur"), pk=pk)


def page_etape(
    request: RequeteConnectee, petition: Petition | None, etape: str, contexte: dict[str, Any]
) -> HttpResponse:
    noms = list(ETAPES)
    rang = noms.index(etape)
    return render(
        request,
        f"petitions/depot/{etape}.html",
        {
            "petition": petition,
            "reglement": petition.reglement if petition else None,
            "etapes": list(ETAPES.values()),
            "rang": rang + 1,
            "url_precedente": adresse_etape(petition, noms[rang - 1]) if petition and rang else "",
            "url_suivante": adresse_etape(petition, noms[rang + 1])
            if petition and rang + 1 < len(noms)
            else "",
            **contexte,
        },
    )


def plus_un_brouillon(request: RequeteConnectee, petition: Petition) -> HttpResponse:
    return ferme(
        request,
        "Cette pétition n’est plus un brouillon.",
        reverse("petitions:ma_petition", args=[petition.pk]),
    )


def adresse_etape(petition: Petition, etape: str) -> str:
    if etape in {"copetitionnaires", "deposer"}:
        return reverse(f"petitions:{etape}", args=[petition.pk])
    return reverse("petitions:rediger", args=[petition.pk, etape])


def apres_etape(request: RequeteConnectee, petition: Petition, etape: str) -> HttpResponse:
    if "plus_tard" in request.POST:
        messages.success(
            request, "Votre brouillon est enregistré. Vous pouvez le reprendre quand vous voulez."
        )
        return redirect("petitions:mes_petitions")
    noms = list(ETAPES)
    return redirect(adresse_etape(petition, noms[noms.index(etape) + 1]))
