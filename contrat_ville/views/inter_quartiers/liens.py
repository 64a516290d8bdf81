"""What opens without an account, by the signed link of a letter: the study of a direction, the table of who facilitates."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from contrat_ville.actions import forums, idees
from contrat_ville.actions.projets_quartier import rendre_faisabilite
from contrat_ville.forms.inter_quartiers.idees import RecolterForm
from contrat_ville.forms.inter_quartiers.projets import RendreFaisabiliteForm
from contrat_ville.models import AvisFaisabilite, TableForum
from contrat_ville.views.inter_quartiers.trouver import table_du_bureau
from contrat_ville.workflow.inter_quartiers import CanalIdee, Capacite
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.http import RequeteConnectee, publique, reserve_a
from participation.socle.models import Compte, Demande
from participation.socle.views.pages import refuser
from participation.socle.workflow import Role

MONTREES = 20


@publique
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def repondre_faisabilite(request: HttpRequest, jeton: str) -> HttpResponse:
    """The direction says yes, no, or yes if; what it costs, and why. Once."""
    numero = Demande.LIEN.numero(jeton)
    avis = get_object_or_404(
        AvisFaisabilite.objects.select_related("projet__budget", "direction", "demande__par"), demande=numero
    )
    demande = avis.demande
    form = RendreFaisabiliteForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if not demande.est_ouverte or avis.projet.clos_le is not None:
        return _rendu(request, avis, form, status=409 if request.method == "POST" else 200)
    if form.is_valid():
        try:
            rendre_faisabilite(demande, **form.cleaned_data)
        except ActeInterdit:
            avis.refresh_from_db()
            demande.refresh_from_db()
            return _rendu(request, avis, form, status=409)
        except (ErreurMetier, ValidationError) as erreur:
            refuser(form, erreur)
        else:
            return redirect("contrat_ville:repondre_faisabilite", jeton)
    return render(
        request,
        "contrat_ville/inter_quartiers/liens/faisabilite.html",
        {
            "avis": avis,
            "demande": demande,
            "projet": avis.projet,
            "form": form,
            "a_lire": avis.projet.a_lire(),
        },
        status=422 if form.is_bound else 200,
    )


def _rendu(request: HttpRequest, avis: AvisFaisabilite, form: Any, *, status: int) -> HttpResponse:
    """What became of it; what was typed for nothing is given back."""
    return render(
        request,
        "contrat_ville/inter_quartiers/liens/faisabilite_rendue.html",
        {
            "avis": avis,
            "demande": avis.demande,
            "projet": avis.projet,
            "perdue": form.data.get("motif", "") if status == 409 else "",
        },
        status=status,
    )


@publique
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def table_par_lien(request: HttpRequest, jeton: str) -> HttpResponse:
    numero = TableForum.LIEN.numero(jeton)
    table = get_object_or_404(TableForum.objects.select_related("forum__budget"), pk=numero)
    return _recolter(request, table, par=None)


@reserve_a(Role.AGENT, Role.ACCUEIL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def recolter_table(request: RequeteConnectee, pk: int) -> HttpResponse:
    return _recolter(request, table_du_bureau(request, pk), par=request.user)


def _recolter(request: HttpRequest, table: TableForum, *, par: Compte | None) -> HttpResponse:
    """Several in a row: each sending comes back to the same page, empty, with what is noted already below."""
    forum = table.forum
    budget = forum.budget
    peut_noter = forum.permet("noter_a_la_table", par, table)
    pourquoi = budget.pourquoi_pas(Capacite.SAISIR) if budget is not None else ["Ce forum n’a pas de budget."]
    form = RecolterForm(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_valid():
        try:
            if form.est_une_idee and budget is not None:
                quartier = form.cleaned_data["quartier"]
                idees.saisir_idee(
                    budget,
                    par=par,
                    texte=form.cleaned_data["texte"],
                    canal=CanalIdee.ATELIER,
                    quartiers=[quartier] if quartier else [],
                    table=table,
                    contact=form.contact(),
                    cle=form.cleaned_data["cle"],
                )
                messages.success(request, "Idée notée. La suivante ?")
            else:
                forums.noter_a_la_table(
                    table, par=par, texte=form.cleaned_data["texte"], cle=form.cleaned_data["cle"]
                )
                messages.success(request, "Remarque notée. La suivante ?")
            return redirect(request.path)
        except ErreurMetier as erreur:
            # Said on the page itself, with what was typed.
            form.add_error(None, erreur.message)
            status = 409
    elif form.is_bound:
        status = 422
    return render(
        request,
        "contrat_ville/inter_quartiers/liens/table.html",
        {
            "table": table,
            "forum": forum,
            "form": form,
            "peut_noter": peut_noter,
            "pas_d_idee": pourquoi,
            "idees": table.idees.order_by("-pk")[:MONTREES],
            "notes": table.notes.order_by("-pk")[:MONTREES],
            "est_connecte_ici": par is not None,
        },
        status=status,
    )
