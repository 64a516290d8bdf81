"""Pages of the comité: its readers for agents; and for a reader, their list and one candidature at a time, nothing else of the campaign."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from participation.renouvellement.comite import actes
from participation.renouvellement.comite.actes import ComiteForm
from participation.renouvellement.models import Campagne, CollegeCampagne, Lecture, Relecteur
from participation.renouvellement.trouver import trouver_campagne
from participation.renouvellement.workflow import EtatCampagne
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.views.pages import Page, essayer, lier, pages_de
from participation.socle.workflow import Role


@require_safe
def mes_lectures(request: RequeteConnectee) -> HttpResponse:
    """List of the lectures of the reader. Raises Http404 for others."""
    siennes = list(
        Relecteur.objects.filter(compte=request.user, est_actif=True).select_related("campagne__instance")
    )
    if not siennes:
        raise Http404
    lignes = []
    for relecteur in siennes:
        lectures = list(
            relecteur.lectures.actives()
            .filter(candidature__campagne__etat=EtatCampagne.SELECTION)
            .select_related("candidature__college", "candidature__commune")
            .order_by("rendue_le", "candidature__numero")
        )
        lignes.append((relecteur.campagne, lectures, sum(1 for lecture in lectures if lecture.rendue_le)))
    return render(request, "renouvellement/mes_lectures.html", {"lignes": lignes})


PAGES_DES_LECTURES: dict[str, Page[Lecture]] = pages_de(Campagne, actes, sur="lecture")


@reserve_a(Role.AGENT)
@require_http_methods(["GET", "HEAD", "POST"])
def comite_a_composer(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Page of the comité: readers with their progress, form to add one, assignment."""
    campagne = trouver_campagne(request, pk)
    form = lier(request, ComiteForm, campagne)
    if form.is_valid() and essayer(
        form, lambda: actes.composer_comite(campagne, par=request.user, **form.cleaned_data)
    ):
        messages.success(request, "Cette personne est au comité de sélection.")
        return redirect(request.path)
    relecteurs = campagne.relecteurs.select_related("compte").annotate(
        confiees=Count("lectures", filter=Q(lectures__deportee_le__isnull=True)),
        rendues=Count("lectures", filter=Q(lectures__rendue_le__isnull=False)),
        deports=Count("lectures", filter=Q(lectures__deportee_le__isnull=False)),
    )
    eligibles = campagne.candidatures.eligibles().filter(college__mode=CollegeCampagne.Mode.SELECTION).count()
    return render(
        request,
        "renouvellement/comite.html",
        {
            "campagne": campagne,
            "form": form,
            "relecteurs": relecteurs,
            "eligibles": eligibles,
            "attendues": eligibles * campagne.lectures_par_candidature,
            "confiees": sum(r.confiees for r in relecteurs),
            "rendues": sum(r.rendues for r in relecteurs),
            "actes": campagne.actes_permis_a(request.user),
        },
    )


PAGES_DU_COMITE: dict[str, Page[Campagne]] = pages_de(Campagne, actes)


PAGES_DES_RELECTEURS: dict[str, Page[Relecteur]] = pages_de(Campagne, actes, sur="relecteur")
