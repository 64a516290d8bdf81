"""Public pages of the budgets, idées, projets and forums. Without cookies, kept by caches."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from contrat_ville.forms.inter_quartiers.filtres import ChercherForm
from contrat_ville.lectures.inter_quartiers import cartes, publics
from contrat_ville.lectures.inter_quartiers import forums as des_forums
from contrat_ville.models import Budget, Forum, Idee, ProjetQuartier
from contrat_ville.workflow.inter_quartiers import Capacite
from participation.socle.http import gardable, publique
from participation.socle.models import Quartier

PAR_PAGE = 12
UNE_MINUTE = 60


@publique
@require_safe
@gardable(UNE_MINUTE)
def budgets_publics(request: HttpRequest) -> HttpResponse:
    """Published budgets. A single one redirects to its page."""
    trouves = list(Budget.objects.publics().avec_phases())
    if len(trouves) == 1:
        return redirect(trouves[0].get_public_url())
    return render(
        request,
        "contrat_ville/inter_quartiers/publiques/budgets.html",
        {
            "lignes": [(b, publics.maintenant(b)) for b in trouves],
            "forums": Forum.objects.publics().exclude(etat="annule")[:6],
        },
    )


def budget_en_ligne(pk: int) -> Budget:
    return get_object_or_404(Budget.objects.publics().avec_phases(), pk=pk)


@publique
@require_safe
@gardable(UNE_MINUTE)
def budget_public(request: HttpRequest, pk: int) -> HttpResponse:
    """Page of a budget: phase, what may be done today, projets, idées, filtered by quartier."""
    budget = budget_en_ligne(pk)
    form = ChercherForm(request.GET)
    filtres = form.filtres()
    projets = Paginator(publics.projets(budget, filtres), PAR_PAGE).get_page(request.GET.get("page"))
    idees = publics.idees(budget, filtres)
    return render(
        request,
        "contrat_ville/inter_quartiers/publiques/budget.html",
        {
            "budget": budget,
            "maintenant": publics.maintenant(budget),
            "peut_proposer": budget.peut(Capacite.DEPOSER),
            "frise": publics.frise(budget),
            "deplacements": budget.journal.filter(est_publique=True).exclude(motif="").order_by("-le")[:5],
            "chiffres": publics.chiffres(budget),
            "form": form,
            "filtres_poses": filtres.requete(),
            "projets": projets,
            "idees": idees[:6],
            "combien_d_idees": idees.count(),
            "carte": publics.carte(budget),
            "par_quartier": publics.par_quartier(budget, Quartier.objects.select_related("commune")),
            "forums": budget.forums.publics(),
        },
    )


@publique
@require_safe
@gardable(UNE_MINUTE)
def idees_publiques(request: HttpRequest, pk: int) -> HttpResponse:
    budget = budget_en_ligne(pk)
    form = ChercherForm(request.GET)
    del form.fields["etat"]
    filtres = form.filtres()
    return render(
        request,
        "contrat_ville/inter_quartiers/publiques/idees.html",
        {
            "budget": budget,
            "form": form,
            "filtres_poses": filtres.requete(),
            "page": Paginator(publics.idees(budget, filtres), PAR_PAGE).get_page(request.GET.get("page")),
            "peut_proposer": budget.peut(Capacite.DEPOSER),
        },
    )


@publique
@require_safe
@gardable(UNE_MINUTE)
def carte_des_idees(request: HttpRequest, pk: int) -> HttpResponse:
    """Map of the idées and projets, with the same list beside, which works without script."""
    budget = budget_en_ligne(pk)
    lue = cartes.carte_des_idees(budget)
    return render(
        request,
        "contrat_ville/inter_quartiers/publiques/carte.html",
        {"budget": budget, "points": lue.points, "sans_point": lue.sans_point, "carte_reelle": lue.carte},
    )


@publique
@require_safe
@gardable(UNE_MINUTE)
def idee_publique(request: HttpRequest, reference: str) -> HttpResponse:
    idee: Any = get_object_or_404(
        Idee.objects.publics().select_related("budget", "projet_quartier", "table__forum"),
        reference=reference,
    )
    return render(
        request,
        "contrat_ville/inter_quartiers/publiques/idee.html",
        {"idee": idee, "budget": idee.budget, "quartiers": idee.quartiers.select_related("commune")},
    )


@publique
@require_safe
@gardable(UNE_MINUTE)
def projet_quartier_public(request: HttpRequest, reference: str) -> HttpResponse:
    """A projet: text, idées, study, result of the vote, steps and expenses."""
    projet: Any = get_object_or_404(
        ProjetQuartier.objects.publics().select_related("budget", "direction"), reference=reference
    )
    jalons = list(projet.jalons.select_related("photo"))
    return render(
        request,
        "contrat_ville/inter_quartiers/publiques/projet.html",
        {
            "projet": projet,
            "budget": projet.budget,
            "ensuite": projet.apparence.ensuite.format_map(projet.mots_de_suite()),
            "quartiers": projet.quartiers.select_related("commune"),
            "idees": projet.idees.publics().order_by("pk"),
            "jalons": jalons,
            "depense": projet.depense,
            "part_depensee": min(float(projet.depense / projet.cout), 1) if projet.cout else 0,
            "suites": projet.suites.a_montrer(),
            "journal": projet.journal.filter(est_publique=True)[:20],
        },
    )


@publique
@require_safe
@gardable(UNE_MINUTE)
def forum_public(request: HttpRequest, pk: int) -> HttpResponse:
    """A forum: practical information; once held, attendance and notes of the tables."""
    forum: Any = get_object_or_404(Forum.objects.publics().select_related("budget"), pk=pk)
    est_tenu = forum.etat == "tenu"
    return render(
        request,
        "contrat_ville/inter_quartiers/publiques/forum.html",
        {
            "forum": forum,
            "recoit": forum.recoit(),
            "est_complet": forum.recoit() and not forum.places_libres,
            "tables": des_forums.recolte(forum, publique=True) if est_tenu else forum.tables.all(),
            "bilan": des_forums.bilan_public(forum) if est_tenu else None,
            "est_tenu": est_tenu,
        },
    )


def forum_en_ligne(pk: int) -> Forum:
    forum: Forum | None = Forum.objects.publics().select_related("budget").filter(pk=pk).first()
    if forum is None:
        raise Http404
    return forum
