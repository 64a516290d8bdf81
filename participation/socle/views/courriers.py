"""Letters on paper: pages to print them, post them, and the acts on one of them."""

from functools import partial

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from participation.socle.actions import courriers as actions
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.forms.actes import AbandonnerCourrierForm, PosterCourrierForm
from participation.socle.francais import accorder
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.journee import AttenteGroupee, SectionJournee, Tache
from participation.socle.models import Compte, Courrier, Impression
from participation.socle.views.dossier import ligne_courrier, trouver_dossier
from participation.socle.views.pages import Page, essayer
from participation.socle.workflow import Role

PAR_PAGE, POSTES_MONTRES = 50, 20
PAGES: dict[str, Page[Courrier]] = {
    "poster_courrier": Page(
        actions.poster_courrier,
        PosterCourrierForm,
        "Le journal garde le jour où la personne a été prévenue.",
        retour="#courriers",
        succes="Le courrier est posté.",
    ),
    "abandonner_courrier": Page(
        actions.abandonner_courrier,
        AbandonnerCourrierForm,
        "Le courrier n’est plus à poster. La raison est au journal.",
        retour="#courriers",
        succes="Le courrier n’est plus à poster.",
    ),
}


def courrier_du_bureau(request: RequeteConnectee, pk: int) -> Courrier:
    courrier = get_object_or_404(Courrier.objects.select_related("document"), pk=pk)
    if courrier.dossier_id is not None:
        courrier.dossier = trouver_dossier(request.user, courrier.dossier_id)
    elif not request.user.est_agent:
        raise Http404
    return courrier


def section_courriers(compte: Compte) -> SectionJournee:
    """Letters to post, as one task with the age of the oldest: they are printed and posted together."""
    attente = AttenteGroupee(
        lambda: Courrier.objects.a_poster_par(compte),
        "ecrit_le",
        lambda combien, depuis: Tache(
            f"Imprimer et poster {accorder(combien, 'courrier')}",
            reverse("socle:courriers"),
            "Voir",
            sur_quoi="Aucun envoi n’atteint ces personnes.",
            depuis=depuis,
        ),
    )
    return SectionJournee("courriers", "Courriers à poster", [attente])


@reserve_a(Role.AGENT)
@require_safe
def courriers(request: RequeteConnectee) -> HttpResponse:
    """Letters to post, oldest first, and the last ones posted."""
    tous = Courrier.objects.visibles_par(request.user).avec_dossiers()
    page = Paginator(tous.a_poster(), PAR_PAGE).get_page(request.GET.get("page"))
    sans_adresse = tous.a_poster().filter(a_une_adresse=False).count()
    return render(
        request,
        "socle/courriers/courriers.html",
        {
            "page": page,
            "lignes": [ligne_courrier(courrier) for courrier in page.object_list],
            "a_imprimer": tous.a_imprimer()[: actions.ENSEMBLE].count(),
            "sans_adresse": sans_adresse,
            "impressions": Impression.objects.a_poster(request.user),
            "postes": tous.exclude(date_postee=None).order_by("-date_postee", "-pk")[:POSTES_MONTRES],
        },
    )


@reserve_a(Role.AGENT)
@require_POST
def imprimer_courriers(request: RequeteConnectee) -> HttpResponse:
    """Print in one document the letters that are ready and in no other print.

    Redirects to the page that shows the progress of the document.
    """
    prets = Courrier.objects.visibles_par(request.user).a_imprimer().avec_dossiers()
    try:
        document = actions.imprimer_courriers(prets[: actions.ENSEMBLE], par=request.user)
    except ActeInterdit:
        raise
    except ErreurMetier as erreur:
        messages.error(request, erreur.message)
        return redirect("socle:courriers")
    return redirect("socle:document_etat", document.cle_publique)


@reserve_a(Role.AGENT)
@require_http_methods(["GET", "HEAD", "POST"])
def poster_impression(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Record the day of posting, once for all the letters printed together."""
    impression = get_object_or_404(Impression.objects.a_poster(request.user), pk=pk)
    form = PosterCourrierForm(request.POST or None, objet=None)
    attente = impression.courriers.a_poster().visibles_par(request.user).avec_dossiers()
    if form.is_valid():
        fait = essayer(
            form, partial(actions.poster_impression, impression, par=request.user, **form.cleaned_data)
        )
        if fait is not None:
            dire_poste(request, *fait)
            return redirect("socle:courriers")
    return render(
        request,
        "socle/courriers/poster_impression.html",
        {"impression": impression, "form": form, "attente": attente},
        status=422 if form.is_bound else 200,
    )


def dire_poste(request: RequeteConnectee, postes: int, restent: list[Courrier]) -> None:
    if postes:
        messages.success(request, f"{accorder(postes, 'courrier posté', 'courriers postés')}.")
    if restent:
        attendent = accorder(len(restent), "courrier attend encore", "courriers attendent encore")
        lesquels = ", ".join(f"{c.ce_qui_manque} ({c.suivi.nom_court})" for c in restent)
        messages.warning(request, f"{attendent}. Il manque : {lesquels}. Complétez, puis recommencez.")
