"""Co-pétitionnaires: list for the author, and pages by signed link or by shared link."""

from typing import Any

import segno
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.forms.actes import refuser
from participation.socle.http.decorateurs import publique, reserve_a
from participation.socle.http.requete import RequeteConnectee, adresse_client
from participation.socle.models import Commune, ReglageService
from participation.socle.views.liens import du_lien_ou_404, personnelle
from participation.socle.views.pages import Page, agir, essayer, lier
from participation.socle.views.preuves import PreuveParCourriel
from participation.socle.workflow import Role
from petitions.copetitionnaires import actes, feuilles
from petitions.copetitionnaires.actes import (
    BilanInvitations,
    ConfirmerCopetitionnaireForm,
    CopetitionnaireForm,
    Invitation,
    ListeForm,
    RejoindreForm,
)
from petitions.copetitionnaires.feuilles import CodeFeuilleForm, LigneDeFeuilleForm
from petitions.copetitionnaires.lectures import comparaisons, liste_de
from petitions.copetitionnaires.textes import changement
from petitions.models import CoPetitionnaire, FeuilleCopetitionnaires, Petition
from petitions.signatures.actes import signer_copetitionnaire as signer
from petitions.signatures.referentiel import reseau_connu
from petitions.trouver import brouillon_de, numero, page_etape, plus_un_brouillon
from petitions.workflow import Etat

REJOINDRE = Page[Petition](actes.demander_a_rejoindre)


@require_http_methods(["GET", "HEAD", "POST"])
def copetitionnaires(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Invite, see answers, remind. After a list is pasted, the lines not understood are shown again."""
    petition = brouillon_de(request, pk)
    if petition.etat != Etat.BROUILLON:
        return plus_un_brouillon(request, petition)
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
        actes.retirer_invitation(invitation, par=request.user)
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
            "a_relancer": len(actes.copetitionnaires_a_relancer(petition)),
            "lien_partage": request.build_absolute_uri(
                reverse("petitions:rejoindre", args=[Petition.LIEN_INVITATION.jeton(petition)])
            ),
        },
    )


def inviter(
    petition: Petition, personnes: list[Invitation], request: RequeteConnectee, form: Any
) -> BilanInvitations | None:
    try:
        return actes.inviter_copetitionnaires(petition, personnes, par=request.user)
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
        relances = actes.relancer_copetitionnaires(petition, par=request.user)
    except ActeInterdit:
        raise
    except ErreurMetier as erreur:
        messages.info(request, erreur.message)
    else:
        messages.success(request, dire_invites(relances))
    return redirect("petitions:copetitionnaires", petition.pk)


# Pages of co-pétitionnaires: no account, signed link
def _copetitionnaire(jeton: str) -> CoPetitionnaire | None:
    invites = CoPetitionnaire.objects.select_related("petition__reglement", "commune", "texte_confirme")
    return CoPetitionnaire.LIEN.trouver(jeton, invites)


def _contexte(copetitionnaire: CoPetitionnaire, jeton: str) -> dict[str, Any]:
    return {
        "copetitionnaire": copetitionnaire,
        "petition": copetitionnaire.petition,
        "changements": comparaisons(changement(copetitionnaire)) if copetitionnaire.est_confirme else [],
    }


CONFIRMER = PreuveParCourriel[CoPetitionnaire](
    trouver=_copetitionnaire,
    prouver=lambda request, copetitionnaire, **reponses: actes.confirmer_copetitionnaire(
        copetitionnaire, **reponses
    ),
    form=ConfirmerCopetitionnaireForm,
    refuser=actes.retirer_copetitionnaire,
    app="petitions",
    gabarit="petitions/depot/confirmer_copetitionnaire.html",
    contexte=_contexte,
    quoi="aucune invitation",
    sinon="Sinon, demandez à l’auteur de la pétition de vous inviter de nouveau.",
)


@personnelle(_copetitionnaire, CONFIRMER.inconnu)
def signer_copetitionnaire(
    request: HttpRequest, copetitionnaire: CoPetitionnaire, jeton: str
) -> HttpResponse:
    """Page of the link in the letter of opening: known answers and one button to sign.

    GET changes nothing.
    """
    petition, erreur = copetitionnaire.petition, ""
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
@require_http_methods(["GET", "HEAD", "POST"])
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


LIGNES = 12  # lines that fit under a long text


@require_safe
def feuille_a_signer(request: RequeteConnectee, pk: int, numero: int) -> HttpResponse:
    """Sheet to print: whole text, lines to sign, where to return it, code that opens the entry to an
    agent."""
    petition = brouillon_de(request, pk)
    feuille = get_object_or_404(petition.feuilles_copetitionnaires, numero=numero)
    feuille.petition = petition
    saisie = settings.SITE_URL + reverse("petitions:saisir_copetitionnaire", args=[feuille.cle])
    return render(
        request,
        "petitions/depot/feuille_a_signer.html",
        {
            "petition": petition,
            "feuille": feuille,
            "lignes": range(1, LIGNES + 1),
            "qr": segno.make(saisie, error="m", micro=False).svg_data_uri(scale=3, border=1),
            "service": ReglageService.actuel(),
        },
    )


@reserve_a(Role.AGENT)
@require_http_methods(["GET", "HEAD", "POST"])
def code_de_feuille(request: RequeteConnectee) -> HttpResponse:
    """Form for the code printed on the sheet, when its QR code cannot be scanned."""
    form = CodeFeuilleForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if FeuilleCopetitionnaires.objects.filter(cle=form.cleaned_data["code"]).exists():
            return redirect("petitions:saisir_copetitionnaire", form.cleaned_data["code"])
        form.add_error("code", "Aucune feuille ne porte ce code.")
    return render(request, "petitions/papier/code_de_feuille.html", {"form": form})


def feuille_de(cle: str) -> FeuilleCopetitionnaires:
    return get_object_or_404(
        FeuilleCopetitionnaires.objects.select_related("petition__reglement", "petition__auteur"), cle=cle
    )


@reserve_a(Role.AGENT)
@require_http_methods(["GET", "HEAD", "POST"])
def saisir_copetitionnaire(request: RequeteConnectee, cle: str) -> HttpResponse:
    feuille = feuille_de(cle)
    petition = feuille.petition
    lignes = list(feuille.copetitionnaires.select_related("commune", "saisi_par").order_by("-pk"))
    form = LigneDeFeuilleForm(
        request.POST if request.method == "POST" else None,
        initial={"commune": lignes[0].commune_id if lignes else ""},
    )
    memes: list[Any] = []
    if form.is_valid():
        reponses = {**form.cleaned_data, "commune": Commune.objects.get(pk=form.cleaned_data["commune"])}
        essayer(form, lambda: feuilles.saisir_copetitionnaire(feuille, par=request.user, **reponses))
        if not form.errors:
            return redirect("petitions:saisir_copetitionnaire", cle)
        form.demander_verification()
        memes = feuilles.du_meme_nom(petition, prenom=reponses["prenom"], nom=reponses["nom"])
    return render(
        request,
        "petitions/papier/saisir_copetitionnaire.html",
        {
            "feuille": feuille,
            "petition": petition,
            "form": form,
            "memes": memes,
            "lignes": lignes,
            "confirmes": petition.copetitionnaires.confirmes().count(),
            "est_ouverte": petition.etat == Etat.BROUILLON and not feuille.est_perimee,
            "est_brouillon": petition.etat == Etat.BROUILLON,
        },
    )


@reserve_a(Role.AGENT)
@require_POST
def effacer_copetitionnaire(request: RequeteConnectee, cle: str, pk: int) -> HttpResponse:
    ligne = get_object_or_404(feuille_de(cle).copetitionnaires, pk=pk)
    feuilles.effacer_copetitionnaire(ligne, par=request.user)
    messages.success(request, "La ligne est effacée.")
    return redirect("petitions:saisir_copetitionnaire", cle)
