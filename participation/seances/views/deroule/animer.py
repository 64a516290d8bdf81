"""The facilitator's screen, and its one-click acts."""

from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from participation.seances.actions import deroule as actions
from participation.seances.forms.deroule import (
    CHAMPS_RELEVE,
    CompterMainsForm,
    InscrireParoleForm,
    NoterReleveForm,
    OuvrirForm,
    OuvrirVoteForm,
)
from participation.seances.lectures.ecrans import SeanceEnCours
from participation.seances.models import Convie, Deport, Parole, Point, Seance, Vote
from participation.seances.views.deroule.communs import (
    est_a_jour,
    est_partiel,
    faire,
    rien_de_nouveau,
    trouver_seance,
    version_de,
)
from participation.seances.workflow import Etat
from participation.socle.erreurs import ErreurMetier
from participation.socle.http import RequeteConnectee, est_un_numero, reserve_a
from participation.socle.versions import TexteDepasse, empreinte
from participation.socle.workflow import Role


def retour_de(seance_pk: int) -> str:
    return reverse("seances:animer", args=[seance_pk])


def ecran_animateur(request: RequeteConnectee, pk: int, *, partiel: bool) -> HttpResponse:
    """The whole page, or its regions alone."""
    # Before reading: what changes meanwhile is asked for again.
    version = version_de(pk)
    seance = trouver_seance(request.user, pk)
    en_cours = SeanceEnCours(seance)
    contexte: dict[str, Any] = {
        "version": version,
        "seance": seance,
        "ecran": en_cours,
        "app": seance.instance.app,
        "modes": actions.modes_de(seance),
    }
    if seance.etat == Etat.CONVOQUEE:
        contexte["form_ouvrir"] = OuvrirForm(seance=seance, quorum_atteint=en_cours.quorum.est_atteint)
    if seance.est_en_cours and en_cours.courant is not None:
        contexte["form_releve"] = NoterReleveForm(point=en_cours.courant)
        contexte["form_parole"] = InscrireParoleForm(seance=seance)
        ouvert = en_cours.vote_ouvert
        if ouvert is None:
            contexte["form_vote"] = OuvrirVoteForm(point=en_cours.courant)
        elif ouvert.vote.forme == Vote.Forme.MAIN_LEVEE:
            contexte["form_mains"] = CompterMainsForm(
                vote=ouvert.vote, colleges=actions.attendus_par_college(ouvert.vote, en_cours.situation)
            )
    gabarit = "seances/deroule/_animer.html" if partiel else "seances/deroule/animer.html"
    return render(request, gabarit, contexte)


@reserve_a(Role.AGENT)
@require_safe
def animer(request: RequeteConnectee, pk: int) -> HttpResponse:
    return ecran_animateur(request, pk, partiel=False)


@reserve_a(Role.AGENT)
@require_safe
def animer_etat(request: RequeteConnectee, pk: int) -> HttpResponse:
    """What changed since the version that the screen shows: nothing (204), or the regions."""
    if est_a_jour(request, version_de(pk)):
        return rien_de_nouveau()
    return ecran_animateur(request, pk, partiel=True)


def _faire(request: RequeteConnectee, pk: int, agir: Any, succes: str = "") -> HttpResponse:
    return faire(request, agir, retour_de(pk), lambda: ecran_animateur(request, pk, partiel=True), succes)


# The séance


@reserve_a(Role.AGENT)
def ouvrir(request: RequeteConnectee, pk: int) -> HttpResponse:
    """The form stands on the facilitator's screen; its errors too."""
    seance = trouver_seance(request.user, pk)
    if request.method != "POST":
        return redirect(retour_de(pk))
    en_cours = SeanceEnCours(seance)
    form = OuvrirForm(request.POST, seance=seance, quorum_atteint=en_cours.quorum.est_atteint)
    if form.is_valid():
        try:
            actions.ouvrir(seance, par=request.user, **form.cleaned_data)
        except ErreurMetier as erreur:
            form.add_error(None, erreur.message)
        else:
            return redirect(retour_de(pk))
    contexte = {
        "version": version_de(pk),
        "seance": trouver_seance(request.user, pk),
        "ecran": en_cours,
        "app": seance.instance.app,
        "modes": actions.modes_de(seance),
        "form_ouvrir": form,
        "form": form,
    }
    return render(request, "seances/deroule/animer.html", contexte)


# Presence


@reserve_a(Role.AGENT)
@require_POST
def noter_presence(request: RequeteConnectee, pk: int) -> HttpResponse:
    """One button of the list: `arriver` = « 12:salle », or `partir` = « 12 »."""
    seance = trouver_seance(request.user, pk)
    numero, _, mode = request.POST.get("arriver", "").partition(":")
    partir = request.POST.get("partir", "")
    choisi = numero or partir
    if not est_un_numero(choisi):
        raise Http404
    convie = get_object_or_404(Convie.objects.select_related("membre__compte"), seance=seance, pk=int(choisi))
    convie.seance = seance
    if numero:
        return _faire(request, pk, lambda: actions.arriver(convie, mode=mode, par=request.user))
    return _faire(request, pk, lambda: actions.partir(convie, par=request.user))


# Points


def trouver_point(request: RequeteConnectee, pk: int) -> Point:
    point = get_object_or_404(Point.objects.select_related("seance"), pk=pk)
    point.seance = trouver_seance(request.user, point.seance_id)
    return point


@reserve_a(Role.AGENT)
@require_POST
def passer_au_point(request: RequeteConnectee, pk: int) -> HttpResponse:
    point = trouver_point(request, pk)
    return _faire(request, point.seance_id, lambda: actions.passer_au_point(point, par=request.user))


@reserve_a(Role.AGENT)
@require_POST
def traiter_point(request: RequeteConnectee, pk: int) -> HttpResponse:
    point = trouver_point(request, pk)
    return _faire(request, point.seance_id, lambda: actions.traiter_point(point, par=request.user))


@reserve_a(Role.AGENT)
def noter_releve(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Saved while it is typed (JSON to our script), or by the button. Two windows: the second sees both texts."""
    point = trouver_point(request, pk)
    form = (
        NoterReleveForm(request.POST, point=point)
        if request.method == "POST"
        else NoterReleveForm(point=point)
    )
    if form.is_valid():
        try:
            actions.noter_releve(
                point, par=request.user, releve=form.cleaned_data["releve"], vu=form.cleaned_data["vu"]
            )
        except TexteDepasse as erreur:
            if est_partiel(request):
                return JsonResponse(
                    {
                        "dit": "Ces notes ont changé dans une autre fenêtre. Votre texte reste ici : "
                        "« Enregistrer les notes » montre les deux."
                    },
                    status=409,
                )
            form.relire(point, CHAMPS_RELEVE)
            for champ, erreurs in erreur.error_dict.items():
                form.add_error(champ if champ in form.fields else None, erreurs)
        except ErreurMetier as erreur:
            if est_partiel(request):
                return JsonResponse({"dit": erreur.message}, status=409)
            form.add_error(None, erreur.message)
        else:
            if est_partiel(request):
                return JsonResponse({"vu": empreinte(point, CHAMPS_RELEVE), "dit": "Notes enregistrées."})
            return redirect(retour_de(point.seance_id))
    return render(
        request,
        "seances/formulaire.html",
        {
            "form": form,
            "titre": "Enregistrer les notes",
            "bouton": "Enregistrer les notes",
            "sur_quoi": point.titre,
            "retour": retour_de(point.seance_id),
            "fil_avant": [("Séance en cours", retour_de(point.seance_id))],
            "consequence": "",
            "app": point.seance.instance.app,
            "avec_plan": False,
            "est_dangereux": False,
            "est_publique": False,
            "cadre_page": "bureau.html",
        },
    )


@reserve_a(Role.AGENT)
@require_POST
def lever_deport(request: RequeteConnectee, pk: int) -> HttpResponse:
    deport = get_object_or_404(Deport.objects.select_related("point", "convie__membre__compte"), pk=pk)
    deport.point.seance = trouver_seance(request.user, deport.point.seance_id)
    return _faire(request, deport.point.seance_id, lambda: actions.lever_deport(deport, par=request.user))


# Speech


@reserve_a(Role.AGENT)
@require_POST
def diriger_la_parole(request: RequeteConnectee, pk: int) -> HttpResponse:
    """`donner` = number of a demand, `suivant`, `retirer` = number of a convié, or `convie` to add to the queue."""
    seance = trouver_seance(request.user, pk)
    if "suivant" in request.POST:
        return _faire(request, pk, lambda: actions.donner_au_suivant(seance, par=request.user))
    if est_un_numero(request.POST.get("donner")):
        parole = get_object_or_404(
            Parole.objects.select_related("convie__membre__compte"), seance=seance, pk=request.POST["donner"]
        )
        parole.seance = seance
        return _faire(request, pk, lambda: actions.donner_la_parole(parole, par=request.user))
    if est_un_numero(request.POST.get("retirer")):
        convie = _convie(seance, request.POST["retirer"])
        return _faire(request, pk, lambda: actions.retirer_la_parole(convie, par=request.user))
    if est_un_numero(request.POST.get("convie")):
        convie = _convie(seance, request.POST["convie"])
        return _faire(request, pk, lambda: actions.demander_la_parole(convie, par=request.user))

    def choisir() -> None:
        raise ErreurMetier("Choisissez qui demande la parole.")

    return _faire(request, pk, choisir)


def _convie(seance: Seance, pk: str) -> Convie:
    convie = get_object_or_404(
        Convie.objects.select_related("membre__compte", "membre__college"), seance=seance, pk=pk
    )
    convie.seance = seance
    return convie
