"""Public pages and open data of the budgets, idées, projets and forums. Without cookies, kept by caches."""

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from participation.budgets import cycle as lectures_cycle
from participation.budgets.forums import lectures as lectures_forums
from participation.budgets.models import Budget, Forum, Idee, ProjetQuartier
from participation.budgets.public import lectures
from participation.budgets.public.lectures import ETATS_PUBLICS, Filtres
from participation.budgets.trouver import budget_en_ligne, forum_en_ligne
from participation.budgets.workflow.budget import Capacite, EtatForum
from participation.socle.forms.champs import champ_choix, champ_ligne, champ_parmi
from participation.socle.http.decorateurs import gardable, publique, traduite
from participation.socle.langues import en_francais
from participation.socle.lectures.langues import avec_titres_lus
from participation.socle.models import Quartier
from participation.socle.regles.donnees_liees import EtatEvenement, evenement


class ChercherForm(forms.Form):
    """Search of the public page. Invalid values are ignored."""

    q = champ_ligne("Mots cherchés", maximum=120, requis=False, attributs={"type": "search"})
    quartier = champ_parmi("Quartier", Quartier.objects.select_related("commune"), requis=False, vide="Tous")
    etat = champ_choix("Où en est le projet", ETATS_PUBLICS, requis=False)

    def filtres(self) -> Filtres:
        self.is_valid()
        lu = self.cleaned_data
        return Filtres(
            q=lu.get("q") or "",
            quartier=lu["quartier"].pk if lu.get("quartier") else None,
            etat=lu.get("etat") or "",
        )


PAR_PAGE = 12
UNE_MINUTE = 60


@traduite
@publique
@require_safe
@gardable(UNE_MINUTE)
def budgets_publics(request: HttpRequest) -> HttpResponse:
    """Published budgets. A single one redirects to its page, which is in French."""
    trouves = list(Budget.objects.publics().avec_phases())
    if len(trouves) == 1 and en_francais():
        return redirect(trouves[0].get_public_url())
    return render(
        request,
        "budgets/public/budgets.html",
        {
            "lignes": [(b, lectures_cycle.maintenant(b)) for b in trouves],
            "forums": avec_titres_lus(Forum.objects.publics().exclude(etat="annule"))[:6],
        },
    )


@publique
@require_safe
@gardable(UNE_MINUTE)
def budget_public(request: HttpRequest, pk: int) -> HttpResponse:
    """Page of a budget: phase, what may be done today, projets, idées, filtered by quartier."""
    budget = budget_en_ligne(pk)
    form = ChercherForm(request.GET)
    filtres = form.filtres()
    projets = Paginator(lectures.projets(budget, filtres), PAR_PAGE).get_page(request.GET.get("page"))
    idees = lectures.idees(budget, filtres)
    return render(
        request,
        "budgets/public/budget.html",
        {
            "budget": budget,
            "maintenant": lectures_cycle.maintenant(budget),
            "peut_proposer": budget.peut(Capacite.DEPOSER),
            "frise": lectures_cycle.frise(budget),
            "deplacements": budget.journal.filter(est_publique=True).exclude(motif="").order_by("-le")[:5],
            "chiffres": lectures.chiffres(budget),
            "form": form,
            "filtres_poses": filtres.requete(),
            "projets": projets,
            "idees": idees[:6],
            "combien_d_idees": idees.count(),
            "carte": lectures.carte_par_commune(budget),
            "par_quartier": lectures.par_quartier(budget, Quartier.objects.select_related("commune")),
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
        "budgets/public/idees.html",
        {
            "budget": budget,
            "form": form,
            "filtres_poses": filtres.requete(),
            "page": Paginator(lectures.idees(budget, filtres), PAR_PAGE).get_page(request.GET.get("page")),
            "peut_proposer": budget.peut(Capacite.DEPOSER),
        },
    )


@publique
@require_safe
@gardable(UNE_MINUTE)
def carte_des_idees(request: HttpRequest, pk: int) -> HttpResponse:
    """Map of the idées and projets, with the same list beside, which works without script."""
    budget = budget_en_ligne(pk)
    lue = lectures.carte_des_idees(budget)
    return render(
        request,
        "budgets/public/carte.html",
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
        "budgets/public/idee.html",
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
        "budgets/public/projet.html",
        {
            "projet": projet,
            "budget": projet.budget,
            "ensuite": projet.ensuite(),
            "quartiers": projet.quartiers.select_related("commune"),
            "idees": projet.idees.publics().order_by("pk"),
            "jalons": jalons,
            "depense": projet.depense,
            "part_depensee": min(float(projet.depense / projet.cout), 1) if projet.cout else 0,
            "suites": projet.suites.a_montrer(),
            "journal": projet.journal.filter(est_publique=True)[:20],
        },
    )


@traduite
@publique
@require_safe
@gardable(UNE_MINUTE)
def forum_public(request: HttpRequest, pk: int) -> HttpResponse:
    """A forum: practical information; once held, attendance and notes of the tables."""
    forum: Any = forum_en_ligne(pk)
    est_tenu = forum.etat == "tenu"
    return render(
        request,
        "budgets/public/forum.html",
        {
            "forum": forum,
            "recoit": forum.recoit(),
            "est_complet": forum.recoit() and not forum.places_libres,
            "tables": lectures_forums.recolte(forum, publique=True) if est_tenu else forum.tables.all(),
            "bilan": lectures_forums.bilan_public(forum) if est_tenu else None,
            "est_tenu": est_tenu,
            "donnees_liees": evenement(
                titre=forum.titre,
                debut=forum.debut,
                fin=forum.fin,
                page=forum.get_public_url(),
                etat=EtatEvenement.ANNULE if forum.etat == EtatForum.ANNULE else EtatEvenement.PREVU,
                lieu=forum.lieu,
                adresse=forum.adresse,
            ),
        },
    )
