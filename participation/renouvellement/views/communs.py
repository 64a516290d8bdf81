"""One act, one page, for what is not a dossier: the campaign, and what hangs on it."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from participation.renouvellement.models import Campagne
from participation.socle.courrier import composer
from participation.socle.erreurs import RoleInsuffisant
from participation.socle.http import RequeteConnectee
from participation.socle.views.actes import acte_depasse, lier, tenter

Lettre = tuple[str, Mapping[str, Any]]
JOURNAL = 30


def campagne_ou_404(pk: int) -> Campagne:
    return get_object_or_404(Campagne.objects.select_related("instance", "comite", "mandature"), pk=pk)


def page_acte(
    request: RequeteConnectee,
    campagne: Campagne,
    acte: str,
    form: type[BaseForm] | BaseForm | None,
    agir: Callable[[dict[str, Any]], object],
    *,
    gabarit: str = "renouvellement/acte.html",
    contexte: Mapping[str, Any] | None = None,
    titre: str = "",
    sujet: str = "",
    consequence: str = "",
    succes: str = "",
    apercu: Lettre | Callable[[dict[str, Any]], Lettre] | None = None,
    retour: str = "",
) -> HttpResponse:
    """As the socle's for a dossier: rule of the campaigns' table first (403, 409), then the form, then the act.

    `sujet`: what the act is about, under the title; the campaign by default.
    """
    retour = retour or campagne.get_absolute_url()
    transition = campagne.TRANSITIONS[acte]
    if not transition.par & campagne.roles_de(request.user):
        raise RoleInsuffisant(f"« {transition.libelle} » ne vous est pas ouvert.")
    if campagne.etat not in transition.de:
        return acte_depasse(
            request,
            f"« {transition.libelle} » n’est plus possible : la campagne est « {campagne.get_etat_display()} ».",
            retour,
        )
    lie = lier(request, form)
    lettre: tuple[str, str] | None = composer(*apercu) if isinstance(apercu, tuple) else None
    if lie.is_valid():
        reponses: dict[str, Any] = lie.cleaned_data
        if "apercu" in request.POST and callable(apercu):
            lettre = composer(*apercu(reponses))
        else:
            fait = tenter(request, lie, lambda: agir(reponses), retour)
            if fait is not None:
                return fait
            if not lie.errors:
                messages.success(request, succes or f"{transition.fait}.")
                return redirect(retour)
    return render(
        request,
        gabarit,
        {
            "campagne": campagne,
            "acte": acte,
            "titre": titre or transition.libelle,
            "sujet": sujet or str(campagne),
            "consequence": consequence,
            "est_dangereux": transition.est_dangereux,
            "form": lie,
            "lettre": lettre,
            "lettre_demandee": "apercu" in request.POST,
            "apercu_sur_demande": callable(apercu),
            "retour": retour,
            **(contexte or {}),
        },
    )


def journal_de(request: RequeteConnectee, campagne: Campagne) -> Any:
    """Acts on the campaign itself: those on a candidature are on its page."""
    propres = campagne.journal.filter(candidature__isnull=True).select_related("par")
    return Paginator(propres, JOURNAL).get_page(request.GET.get("lignes"))
