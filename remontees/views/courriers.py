"""Letters on paper: the list of those to post, and what is said of each."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from participation.socle.http import RequeteConnectee, reserve_a
from participation.socle.views.dossier import Bouton, boutons_de
from participation.socle.views.pages import Page
from participation.socle.workflow import Role
from remontees.actions import courriers as actions
from remontees.forms.courriers import AbandonnerCourrierForm, PosterCourrierForm
from remontees.models import Courrier, Remontee
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
    tous = Courrier.objects.visibles_par(request.user).select_related("document", "remontee")
    page = Paginator(tous.a_poster(), PAR_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "remontees/courriers.html",
        {
            "page": page,
            "postes": tous.exclude(date_postee=None).order_by("-date_postee", "-pk")[:POSTES_MONTRES],
        },
    )
