"""Letters on paper: the list of those to post, and what is said of each."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.francais import accorder
from participation.socle.http import RequeteConnectee, reserve_a
from participation.socle.views.dossier import Bouton, boutons_de
from participation.socle.views.pages import Page, essayer
from participation.socle.workflow import Role
from remontees.actions import courriers as actions
from remontees.forms.courriers import AbandonnerCourrierForm, PosterCourrierForm
from remontees.models import Courrier, Impression, Remontee
from remontees.views.actes import remontee_du_bureau

PAR_PAGE, POSTES_MONTRES = 50, 20
PAGES: dict[str, Page[Courrier]] = {
    "poster_courrier": Page(
        actions.poster_courrier,
        PosterCourrierForm,
        "Le journal de la remontée garde le jour où la personne a été prévenue.",
        retour="#courriers",
    ),
    "abandonner_courrier": Page(
        actions.abandonner_courrier,
        AbandonnerCourrierForm,
        "Le courrier n’est plus à poster. La raison est au journal.",
        retour="#courriers",
    ),
}


def courrier_du_bureau(request: RequeteConnectee, pk: int) -> Courrier:
    courrier = get_object_or_404(Courrier.objects.select_related("document"), pk=pk)
    courrier.remontee = remontee_du_bureau(request, courrier.remontee_id)
    return courrier


def courriers_de(request: RequeteConnectee, remontee: Remontee) -> list[tuple[Courrier, list[Bouton]]]:
    """Each with its buttons, for who deals with the person."""
    if not request.user.est_agent:
        return []
    lignes = []
    for courrier in Courrier.objects.filter(remontee=remontee.pk).select_related("document", "poste_par"):
        courrier.remontee = remontee
        lignes.append((courrier, boutons_de(courrier, request.user) if courrier.est_a_poster else []))
    return lignes


@reserve_a(Role.AGENT)
@require_safe
def courriers(request: RequeteConnectee) -> HttpResponse:
    """The oldest first: somebody waits behind each."""
    tous = Courrier.objects.visibles_par(request.user).select_related("document", "remontee", "impression")
    page = Paginator(tous.a_poster(), PAR_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "remontees/courriers.html",
        {
            "page": page,
            "a_imprimer": min(tous.a_imprimer().count(), actions.ENSEMBLE),
            "impressions": impressions_a_poster(),
            "postes": tous.exclude(date_postee=None).order_by("-date_postee", "-pk")[:POSTES_MONTRES],
        },
    )


def impressions_a_poster() -> QuerySet[Impression, Any]:
    """Those printed together of which some wait, with how many, the oldest first."""
    attente = Q(courriers__date_postee=None, courriers__abandonne_le=None)
    comptees = Impression.objects.annotate(n_a_poster=Count("courriers", filter=attente))
    return comptees.filter(n_a_poster__gt=0).select_related("document", "par").order_by("faite_le", "pk")


@reserve_a(Role.AGENT)
@require_POST
def imprimer_courriers(request: RequeteConnectee) -> HttpResponse:
    """Those that are ready and in no other file; the page of the document says how far it is."""
    prets = Courrier.objects.visibles_par(request.user).a_imprimer().select_related("remontee")
    try:
        document = actions.imprimer_courriers(prets, par=request.user)
    except ActeInterdit:
        raise
    except ErreurMetier as erreur:
        messages.error(request, erreur.message)
        return redirect("remontees:courriers")
    return redirect("socle:document_etat", document.cle_publique)


@reserve_a(Role.AGENT)
@require_http_methods(["GET", "HEAD", "POST"])
def poster_impression(request: RequeteConnectee, pk: int) -> HttpResponse:
    """The day is asked once for all that were printed together."""
    impression = get_object_or_404(impressions_a_poster(), pk=pk)
    form = PosterCourrierForm(request.POST or None, objet=None)
    if form.is_valid():
        postes = essayer(
            form, partial(actions.poster_impression, impression, par=request.user, **form.cleaned_data)
        )
        if postes is not None:
            messages.success(request, f"{accorder(postes, 'courrier posté', 'courriers postés')}.")
            return redirect("remontees:courriers")
    return render(
        request,
        "remontees/poster_impression.html",
        {"impression": impression, "form": form},
        status=422 if form.is_bound else 200,
    )
