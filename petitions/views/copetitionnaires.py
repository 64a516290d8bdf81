"""Co-pétitionnaires: list for the author, and pages by signed link or by shared link."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.http import RequeteConnectee, adresse_client, publique
from participation.socle.views.liens import du_lien_ou_404
from participation.socle.views.pages import Page, agir, lier, refuser
from petitions.actions import copetitionnaires as actions
from petitions.actions import feuilles
from petitions.actions.changements import changement
from petitions.actions.copetitionnaires import BilanInvitations, Invitation
from petitions.actions.signatures import signer_copetitionnaire as signer
from petitions.forms.depot import ConfirmerCopetitionnaireForm, CopetitionnaireForm, ListeForm, RejoindreForm
from petitions.lectures.copetitionnaires import liste_de
from petitions.lectures.examen import comparaisons
from petitions.lectures.referentiel import reseau_connu
from petitions.models import CoPetitionnaire, Petition
from petitions.views.etapes import brouillon_de, numero, page_etape
from petitions.workflow import Etat

CONFIRMER = Page[CoPetitionnaire](actions.confirmer_copetitionnaire)
REJOINDRE = Page[Petition](actions.demander_a_rejoindre)


def copetitionnaires(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Invite, see answers, remind. After a list is pasted, the lines not understood are shown again."""
    petition = brouillon_de(request, pk)
    if petition.etat != Etat.BROUILLON:
        return redirect("petitions:ma_petition", pk)
    liste, seul = ListeForm(objet=petition), CopetitionnaireForm(objet=petition)
    bilan = lue = None
    if "inviter" in request.POST:
        liste = lier(request, ListeForm, petition)
        if liste.is_valid():
            lue = liste.cleaned_data["liste"]
            bilan = inviter(petition, lue.personnes, request, liste)
    elif "ajouter" in request.POST:
        seul = lier(request, CopetitionnaireForm, petition)
        if seul.is_valid():
            bilan = inviter(petition, [Invitation(**seul.cleaned_data)], request, seul)
    elif "relancer" in request.POST:
        return relancer(request, petition)
    elif "feuille" in request.POST:
        return preparer_feuille(request, petition)
    elif "retirer" in request.POST:
        invitation = get_object_or_404(petition.copetitionnaires, pk=numero(request, "retirer"))
        actions.retirer_invitation(invitation, par=request.user)
        messages.success(request, "L’invitation est retirée.")
        return redirect("petitions:copetitionnaires", pk)
    a_dire = bilan is None or bilan.deja or bilan.refuses or bilan.demain
    if bilan and bilan.invites and not (a_dire or (lue and (lue.doubles or lue.incomprises))):
        messages.success(request, dire_invites(len(bilan.invites)))
        return redirect("petitions:copetitionnaires", pk)
    if lue is not None and bilan is not None:
        liste = ListeForm(objet=petition)
        liste.initial["liste"] = "\n".join(texte for _, texte in lue.incomprises)
    return page_etape(
        request,
        petition,
        "copetitionnaires",
        {
            "liste": liste,
            "seul": seul,
            "form": liste if liste.errors else seul,
            "bilan": bilan,
            "lue": lue,
            "dit": dire_invites(len(bilan.invites)) if bilan else "",
            **liste_de(petition),
            "a_relancer": len(actions.copetitionnaires_a_relancer(petition)),
            "lien_partage": request.build_absolute_uri(
                reverse("petitions:rejoindre", args=[Petition.LIEN_INVITATION.jeton(petition)])
            ),
        },
    )


def inviter(
    petition: Petition, personnes: list[Invitation], request: RequeteConnectee, form: Any
) -> BilanInvitations | None:
    try:
        return actions.inviter_copetitionnaires(petition, personnes, par=request.user)
    except (ErreurMetier, ValidationError) as erreur:
        refuser(form, erreur)
        return None


def dire_invites(nombre: int) -> str:
    if nombre == 0:
        return "Aucune nouvelle lettre n’est partie."
    return "Une lettre est partie." if nombre == 1 else f"{nombre} lettres sont parties."


def preparer_feuille(request: RequeteConnectee, petition: Petition) -> HttpResponse:
    try:
        feuille = feuilles.preparer_feuille(petition, par=request.user)
    except ActeInterdit:
        raise
    except ErreurMetier as erreur:
        messages.error(request, erreur.message)
        return redirect("petitions:copetitionnaires", petition.pk)
    return redirect("petitions:feuille_a_signer", petition.pk, feuille.numero)


def relancer(request: RequeteConnectee, petition: Petition) -> HttpResponse:
    try:
        relances = actions.relancer_copetitionnaires(petition, par=request.user)
    except ActeInterdit:
        raise
    except ErreurMetier as erreur:
        messages.info(request, erreur.message)
    else:
        messages.success(request, dire_invites(relances))
    return redirect("petitions:copetitionnaires", petition.pk)


# Pages of co-pétitionnaires: no account, signed link


@publique
@never_cache
def confirmer_copetitionnaire(request: HttpRequest, jeton: str) -> HttpResponse:
    """Page of the signed link. GET changes nothing: programs that read mail follow links."""
    copetitionnaire = _du_jeton(jeton)
    petition = copetitionnaire.petition
    form = ConfirmerCopetitionnaireForm(
        request.POST if "confirmer" in request.POST else None, objet=copetitionnaire
    )
    refus = ""
    if "refuser" in request.POST:
        try:
            actions.retirer_copetitionnaire(copetitionnaire)
            return redirect("petitions:confirmer_copetitionnaire", jeton)
        except ErreurMetier as erreur:
            refus = erreur.message
    elif form.is_valid():
        agir(CONFIRMER, copetitionnaire, form, None)
        if not form.errors:
            return redirect("petitions:confirmer_copetitionnaire", jeton)
    return render(
        request,
        "petitions/depot/confirmer_copetitionnaire.html",
        {
            "copetitionnaire": copetitionnaire,
            "petition": petition,
            "form": form,
            "refus": refus,
            "est_confirme": copetitionnaire.est_confirme,
            "changements": comparaisons(changement(copetitionnaire)) if copetitionnaire.est_confirme else [],
            "est_retire": copetitionnaire.retire_le is not None,
            "est_brouillon": petition.etat == Etat.BROUILLON,
        },
    )


def _du_jeton(jeton: str) -> CoPetitionnaire:
    return du_lien_ou_404(
        CoPetitionnaire.LIEN,
        jeton,
        CoPetitionnaire.objects.select_related("petition__reglement", "commune", "texte_confirme"),
    )


@publique
@never_cache
def signer_copetitionnaire(request: HttpRequest, jeton: str) -> HttpResponse:
    """Page of the link in the letter of opening: known answers and one button to sign.

    GET changes nothing.
    """
    copetitionnaire, erreur = _du_jeton(jeton), ""
    petition = copetitionnaire.petition
    if request.method == "POST":
        ip = adresse_client(request)
        try:
            signature = signer(copetitionnaire, ip=ip, reseau_connu=reseau_connu(ip))
        except ErreurMetier as refus:
            erreur = refus.message
        else:
            return redirect("petitions:confirmer_signature", signature.jeton())
    return render(
        request,
        "petitions/signatures/signer_copetitionnaire.html",
        {
            "signature": copetitionnaire,
            "petition": petition,
            "erreur": erreur,
            "possible": petition.est_signable and copetitionnaire.est_confirme,
        },
        status=409 if erreur else 200,
    )


@publique
@never_cache
def rejoindre(request: HttpRequest, jeton: str) -> HttpResponse:
    """Page of the link shared by an author. The answer is the same for every address."""
    petition = du_lien_ou_404(Petition.LIEN_INVITATION, jeton, Petition.objects.select_related("reglement"))
    form = lier(request, RejoindreForm, petition)
    demandee = False
    if petition.etat == Etat.BROUILLON and form.is_valid():
        agir(REJOINDRE, petition, form, None)
        demandee = not form.errors
    return render(
        request,
        "petitions/depot/rejoindre.html",
        {
            "petition": petition,
            "form": form,
            "demandee": demandee,
            "est_brouillon": petition.etat == Etat.BROUILLON,
        },
    )
