"""The acts of the service while signatures are gathered, and the tasks of the campaign."""

from copy import copy

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from participation.socle.calendrier import ajouter_mois
from participation.socle.francais import jour_texte
from participation.socle.http import RequeteConnectee, reserve_a
from participation.socle.views.actes import page_acte, revenir, sans_ecraser
from participation.socle.workflow import Role
from petitions.actions import campagne
from petitions.actions import collecte as actions
from petitions.forms.collecte import AmenderForm, EcrireFacileForm, ProlongerForm, SuspendreForm, TacheForm
from petitions.models import Petition, TacheCampagne


def trouver(request: RequeteConnectee, pk: int) -> Petition:
    return get_object_or_404(Petition.objects.au_bureau_de(request.user).select_related("reglement"), pk=pk)


@reserve_a(Role.AGENT)
def ouvrir_collecte(request: RequeteConnectee, pk: int) -> HttpResponse:
    petition = trouver(request, pk)
    fin = ajouter_mois(timezone.localdate(), petition.reglement.duree_collecte_mois)
    a_ouvrir = copy(petition)  # the letter's preview tells a date that is not written yet
    a_ouvrir.date_fin_collecte = fin
    return page_acte(
        request,
        petition,
        "ouvrir_collecte",
        None,
        lambda _: actions.ouvrir_collecte(petition, par=request.user),
        consequence=f"La pétition est publiée. On peut la signer dès maintenant et jusqu’au {jour_texte(fin)} inclus. "
        "Ses auteurs reçoivent une lettre et l’affiche est fabriquée.",
        apercu=(
            "petitions/ouvrir_collecte",
            {"petition": a_ouvrir, "lien": petition.get_public_url(), "desabonnement": ""},
        ),
    )


@reserve_a(Role.AGENT)
def amender(request: RequeteConnectee, pk: int) -> HttpResponse:
    petition = trouver(request, pk)
    form = AmenderForm(request.POST if request.method == "POST" else None, petition=petition)
    return page_acte(
        request,
        petition,
        "amender",
        form,
        sans_ecraser(
            form,
            petition,
            actions.CHAMPS_DU_TEXTE,
            lambda reponses: actions.amender(petition, par=request.user, **reponses),
        ),
        consequence="Le texte publié change. Votre note et l’ancien texte restent visibles, et les pétitionnaires sont prévenus.",
    )


@reserve_a(Role.AGENT)
def ecrire_facile(request: RequeteConnectee, pk: int) -> HttpResponse:
    petition = trouver(request, pk)
    form = EcrireFacileForm(request.POST if request.method == "POST" else None, petition=petition)
    return page_acte(
        request,
        petition,
        "ecrire_facile",
        form,
        sans_ecraser(
            form,
            petition,
            ["texte_facile"],
            lambda reponses: actions.ecrire_facile(petition, par=request.user, **reponses),
        ),
        consequence="Cette version a sa propre page, à côté du texte de la pétition.",
    )


@reserve_a(Role.AGENT)
def prolonger(request: RequeteConnectee, pk: int) -> HttpResponse:
    petition = trouver(request, pk)
    form = ProlongerForm(request.POST if request.method == "POST" else None, petition=petition)
    return page_acte(
        request,
        petition,
        "prolonger",
        form,
        lambda reponses: actions.prolonger(petition, par=request.user, **reponses),
        consequence=f"La collecte finit aujourd’hui le {jour_texte(petition.date_fin_collecte)}.",
    )


@reserve_a(Role.AGENT)
def suspendre(request: RequeteConnectee, pk: int) -> HttpResponse:
    petition = trouver(request, pk)
    return page_acte(
        request,
        petition,
        "suspendre",
        SuspendreForm,
        lambda reponses: actions.suspendre(petition, par=request.user, **reponses),
        consequence="Personne ne peut plus signer et les délais du règlement sont arrêtés, jusqu’à ce que vous repreniez. Les jours perdus sont rendus.",
    )


@reserve_a(Role.AGENT)
def reprendre(request: RequeteConnectee, pk: int) -> HttpResponse:
    petition = trouver(request, pk)
    return page_acte(
        request,
        petition,
        "reprendre",
        None,
        lambda _: actions.reprendre(petition, par=request.user),
        consequence="La pétition reprend là où elle s’est arrêtée. Les dates sont repoussées du nombre de jours perdus.",
    )


@reserve_a(Role.AGENT)
def ajouter_tache(request: RequeteConnectee, pk: int) -> HttpResponse:
    petition = trouver(request, pk)
    return page_acte(
        request,
        petition,
        "ajouter_tache",
        TacheForm,
        lambda reponses: campagne.ajouter_tache(petition, par=request.user, **reponses),
        titre="Ajouter une tâche de campagne",
        consequence="La tâche entre dans les échéances du dossier. La direction ou la personne nommée reçoit une lettre.",
        succes="Tâche ajoutée.",
        retour=f"{petition.get_absolute_url()}#campagne",
    )


@require_POST
@reserve_a(Role.AGENT, Role.AGENT_DIRECTION)
def faire_tache(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Done, or to do again: the same box, for the service and for whom the task is given to."""
    tache = _tache(request, pk)
    acte = campagne.rouvrir_tache if tache.faite_le else campagne.faire_tache
    acte(tache, par=request.user)
    return revenir(request, f"{tache.petition.get_absolute_url()}#campagne")


@require_POST
@reserve_a(Role.AGENT)
def supprimer_tache(request: RequeteConnectee, pk: int) -> HttpResponse:
    tache = _tache(request, pk)
    retour = f"{tache.petition.get_absolute_url()}#campagne"
    campagne.supprimer_tache(tache, par=request.user)
    return redirect(retour)


def _tache(request: RequeteConnectee, pk: int) -> TacheCampagne:
    petitions = Petition.objects.au_bureau_de(request.user)
    return get_object_or_404(
        TacheCampagne.objects.filter(petition__in=petitions).select_related("petition"), pk=pk
    )
