"""Co-pétitionnaires on paper: sheet printed by the author, entry by an agent who has its code.

Otherwise only the author opens a draft.
"""

from typing import Any

import segno
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from participation.socle.http import RequeteConnectee, reserve_a
from participation.socle.models import Commune, ReglageService
from participation.socle.views.pages import essayer
from participation.socle.workflow import Role
from petitions.actions import feuilles as actions
from petitions.forms.papier import CodeFeuilleForm, PersonneForm
from petitions.models import FeuilleCopetitionnaires
from petitions.views.etapes import brouillon_de
from petitions.workflow import Etat

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
    form = PersonneForm(
        request.POST if request.method == "POST" else None,
        initial={"commune": lignes[0].commune_id if lignes else ""},
    )
    memes: list[Any] = []
    if form.is_valid():
        reponses = {**form.cleaned_data, "commune": Commune.objects.get(pk=form.cleaned_data["commune"])}
        essayer(form, lambda: actions.saisir_copetitionnaire(feuille, par=request.user, **reponses))
        if not form.errors:
            return redirect("petitions:saisir_copetitionnaire", cle)
        form.demander_verification()
        memes = actions.du_meme_nom(petition, prenom=reponses["prenom"], nom=reponses["nom"])
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
    actions.effacer_copetitionnaire(ligne, par=request.user)
    messages.success(request, "La ligne est effacée.")
    return redirect("petitions:saisir_copetitionnaire", cle)
