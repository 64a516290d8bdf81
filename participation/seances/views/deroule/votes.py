"""Votes and decisions, as the facilitator runs them."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.module_loading import import_string

from participation.seances.actions import deroule as actions
from participation.seances.forms.deroule import (
    CompterMainsForm,
    DeciderEnsembleForm,
    MotifForm,
    OuvrirVoteForm,
    VoterPourForm,
)
from participation.seances.lectures.ecrans import SeanceEnCours, dossiers_de
from participation.seances.lectures.questions import Situation, voix_ouvertes
from participation.seances.models import PointDossier, Vote
from participation.seances.views.deroule.animer import _faire, retour_de, trouver_point
from participation.seances.views.deroule.communs import est_partiel, trouver_seance
from participation.seances.views.formulaires import page_formulaire
from participation.seances.workflow import EtatVote
from participation.socle.erreurs import ErreurMetier
from participation.socle.http import RequeteConnectee, reserve_a
from participation.socle.models import Dossier
from participation.socle.views.actes import acte_depasse, tenter
from participation.socle.views.pages import lier
from participation.socle.workflow import Role


def trouver_vote(request: RequeteConnectee, pk: int) -> Vote:
    vote = get_object_or_404(Vote.objects.select_related("point"), pk=pk)
    vote.point.seance = trouver_seance(request.user, vote.point.seance_id)
    return vote


def _fil(seance_pk: int) -> list[str]:
    return ["Séance en cours", retour_de(seance_pk)]


@reserve_a(Role.AGENT)
def ouvrir_vote(request: RequeteConnectee, pk: int) -> HttpResponse:
    """The form stands on the facilitator's screen too: sent from there, it answers the screen."""
    point = trouver_point(request, pk)
    if est_partiel(request):
        form = OuvrirVoteForm(request.POST, point=point)

        def ouvrir() -> None:
            if not form.is_valid():
                raise ErreurMetier("Écrivez la question mise au vote, et choisissez la forme du vote.")
            actions.ouvrir_vote(point, par=request.user, **form.cleaned_data)

        return _faire(request, point.seance_id, ouvrir)
    return page_formulaire(
        request,
        OuvrirVoteForm(request.POST or None, point=point),
        lambda reponses: actions.ouvrir_vote(point, par=request.user, **reponses),
        titre="Ouvrir le vote",
        retour=retour_de(point.seance_id),
        fil=_fil(point.seance_id),
        sur_quoi=str(point),
        consequence="La règle de majorité et la liste des votants sont fixées à l’ouverture.",
        succes="Le vote est ouvert.",
        app=point.seance.instance.app,
    )


@reserve_a(Role.AGENT)
def compter_mains(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Counts by collège; the button « Compter et clore » closes at once."""
    vote = trouver_vote(request, pk)
    retour = retour_de(vote.point.seance_id)
    if vote.etat != EtatVote.OUVERT and not est_partiel(request):
        return acte_depasse(request, f"Le vote « {vote} » est {vote.get_etat_display()}.", retour)
    if vote.forme != Vote.Forme.MAIN_LEVEE:
        return acte_depasse(
            request, f"Ce vote est {vote.get_forme_display()} : il ne se compte pas à main levée.", retour
        )
    colleges = actions.attendus_par_college(vote, Situation.de(vote.point.seance))
    form = CompterMainsForm(request.POST or None, vote=vote, colleges=colleges)

    def agir() -> None:
        actions.compter_mains(vote, form.decomptes(), par=request.user)
        if "clore" in request.POST:
            actions.clore_vote(
                vote, par=request.user, voix_du_president=form.cleaned_data.get("voix_du_president") or None
            )

    if est_partiel(request):

        def essayer() -> None:
            if not form.is_valid():
                raise ErreurMetier("Un compte n’est pas un nombre : corrigez-le.")
            agir()

        return _faire(request, vote.point.seance_id, essayer)
    if request.method == "POST" and form.is_valid():
        depasse = tenter(request, form, agir, retour)
        if depasse is not None:
            return depasse
        if not form.errors:
            return redirect(retour)
    return render(
        request,
        "seances/deroule/compter_mains.html",
        {
            "vote": vote,
            "seance": vote.point.seance,
            "form": form,
            "form_mains": form,
            "retour": retour,
            "app": vote.point.seance.instance.app,
        },
    )


@reserve_a(Role.AGENT)
def clore_vote(request: RequeteConnectee, pk: int) -> HttpResponse:
    vote = trouver_vote(request, pk)
    if request.method != "POST":
        return redirect(retour_de(vote.point.seance_id))
    return _faire(
        request,
        vote.point.seance_id,
        lambda: actions.clore_vote(
            vote, par=request.user, voix_du_president=request.POST.get("voix_du_president") or None
        ),
    )


@reserve_a(Role.AGENT)
def annuler_vote(request: RequeteConnectee, pk: int) -> HttpResponse:
    vote = trouver_vote(request, pk)
    return page_formulaire(
        request,
        MotifForm,
        lambda reponses: actions.annuler_vote(vote, par=request.user, **reponses),
        titre="Annuler ce vote",
        retour=retour_de(vote.point.seance_id),
        fil=_fil(vote.point.seance_id),
        sur_quoi=str(vote),
        consequence="Les voix données ne comptent plus. Un autre vote peut s’ouvrir sur le même point.",
        succes="Le vote est annulé.",
        est_dangereux=True,
        app=vote.point.seance.instance.app,
    )


@reserve_a(Role.AGENT)
def voter_pour(request: RequeteConnectee, pk: int) -> HttpResponse:
    """A named vote given for a member in the room who has no phone: she says it, the facilitator notes it."""
    vote = trouver_vote(request, pk)
    retour = retour_de(vote.point.seance_id)
    if vote.etat != EtatVote.OUVERT or vote.forme != Vote.Forme.NOMINATIF:
        return acte_depasse(request, "Ce vote nominatif n’est plus ouvert.", retour)
    situation = Situation.de(vote.point.seance)
    porteurs = {v: p for p, liste in voix_ouvertes(vote, situation).items() for v in liste}
    attendus = [c for c in situation.convies if c.pk in porteurs]

    def agir(reponses: dict[str, Any]) -> None:
        voix = reponses["voix"]
        porteur = situation.par_numero(porteurs[voix.pk])
        assert porteur is not None  # noqa: S101 read from the same situation
        actions.voter(vote, porteur, au_nom_de=voix, sens=reponses["sens"], par=request.user, change=True)

    return page_formulaire(
        request,
        VoterPourForm(request.POST or None, attendus=attendus),
        agir,
        titre="Noter un vote",
        retour=retour,
        fil=_fil(vote.point.seance_id),
        sur_quoi=str(vote),
        consequence="Pour une personne qui le dit à voix haute. Noter une seconde fois remplace.",
        succes="Le vote est noté.",
        app=vote.point.seance.instance.app,
    )


# Decisions


@reserve_a(Role.AGENT)
def decider(request: RequeteConnectee, pk: int) -> HttpResponse:
    """The dossiers of a point: those decided, those to decide one by one, and the same decision on several at once."""
    point = trouver_point(request, pk)
    dossiers = dossiers_de(point)
    a_decider = [ligne for ligne in dossiers if ligne.decisions]
    communes = {
        code: option.libelle for ligne in a_decider for code, option in ligne.decisions if not option.form
    }
    liens = [ligne.lien for ligne in a_decider if any(not option.form for _, option in ligne.decisions)]
    form = (
        DeciderEnsembleForm(request.POST or None, liens=liens, decisions=list(communes.items()))
        if len(liens) > 1
        else None
    )
    if form is not None and form.is_valid():
        choix = form.cleaned_data
        depasse = tenter(
            request,
            form,
            lambda: actions.decider_ensemble(
                point, list(choix["dossiers"]), choix["decision"], par=request.user
            ),
            retour_de(point.seance_id),
        )
        if depasse is not None:
            return depasse
        if not form.errors:
            return redirect(reverse("seances:decider", args=[point.pk]))
    en_cours = SeanceEnCours(point.seance)
    return render(
        request,
        "seances/deroule/decider.html",
        {
            "point": point,
            "seance": point.seance,
            "dossiers": dossiers,
            "form": form,
            "ecran": en_cours,
            "vote": point.votes.filter(etat=EtatVote.CLOS).last() or None,
            "retour": retour_de(point.seance_id),
            "app": point.seance.instance.app,
        },
    )


@reserve_a(Role.AGENT)
def decider_dossier(request: RequeteConnectee, pk: int, decision: str) -> HttpResponse:
    """One dossier, one decision: the form that its app asks for, or a plain confirmation."""
    lien = get_object_or_404(PointDossier.objects.select_related("point"), pk=pk)
    lien.point.seance = trouver_seance(request.user, lien.point.seance_id)
    dossier = Dossier.objects.avec_enfants().get(pk=lien.dossier_id).enfant
    liste = reverse("seances:decider", args=[lien.point_id])
    # The list is worth a page while another dossier waits; after the last one, back to the screen of the séance.
    autres = PointDossier.objects.filter(point=lien.point_id, decision="").exclude(pk=lien.pk)
    retour = liste if autres.exists() else retour_de(lien.point.seance_id)
    option = dossier.DECISIONS_DE_SEANCE.get(decision)
    if option is None:
        raise Http404
    if lien.decision:
        return acte_depasse(
            request, f"La décision est déjà prise sur ce dossier : {lien.libelle_decision.lower()}.", retour
        )
    form = None
    if option.form:
        classe = import_string(option.form)
        form = lier(request, classe, dossier)
    return page_formulaire(
        request,
        form,
        lambda reponses: actions.decider(lien, decision, par=request.user, reponses=reponses),
        titre=option.libelle,
        retour=retour,
        fil=[*_fil(lien.point.seance_id), "Décisions", liste],
        sur_quoi=str(dossier),
        consequence="La décision s’applique aussitôt au dossier.",
        succes=f"{option.libelle} : c’est fait.",
        app=dossier.app,
        contexte={"seance": lien.point.seance},
    )
