"""Pages opened by a signed link, without an account: study by a direction, table of a forum."""

from datetime import timedelta

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from contrat_ville.actions import forums, idees
from contrat_ville.actions.projets_quartier import rendre_faisabilite
from contrat_ville.forms.inter_quartiers.idees import RecolterForm
from contrat_ville.forms.inter_quartiers.projets import RendreFaisabiliteForm
from contrat_ville.models import AvisFaisabilite, TableForum
from contrat_ville.views.inter_quartiers.trouver import table_du_bureau
from contrat_ville.workflow.inter_quartiers import CanalIdee, Capacite
from participation.socle import limites
from participation.socle.erreurs import ErreurMetier
from participation.socle.http import RequeteConnectee, publique, reserve_a
from participation.socle.models import Compte
from participation.socle.verrous import verrou
from participation.socle.views.demandes import demande_du_lien, page_de_reponse
from participation.socle.views.liens import lien_inconnu
from participation.socle.workflow import Role

MONTREES = 20
PAR_HEURE = 200  # most idées and notes in an hour, for one table, through its link
TROP = "Beaucoup a été noté à cette table, ou pour cette adresse, en une heure. Votre texte est toujours là : envoyez-le plus tard."


@publique
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def repondre_faisabilite(request: HttpRequest, jeton: str) -> HttpResponse:
    """Answer of a direction: verdict, cost, reason. Given once."""
    demande = demande_du_lien(jeton)
    if demande is None:
        return lien_inconnu(request, "aucune demande")
    get_object_or_404(AvisFaisabilite, demande=demande)
    return page_de_reponse(
        request,
        demande,
        RendreFaisabiliteForm,
        lambda reponses: rendre_faisabilite(demande, **reponses),
        est_close=not demande.est_ouverte or demande.dossier.clos_le is not None,
        gabarit="contrat_ville/inter_quartiers/liens/faisabilite.html",
        mots="motif",
    )


@publique
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def table_par_lien(request: HttpRequest, jeton: str) -> HttpResponse:
    table = TableForum.du_jeton(jeton)
    if table is None:
        raise Http404
    return _recolter(request, table, par=None)


@reserve_a(Role.AGENT, Role.ACCUEIL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def recolter_table(request: RequeteConnectee, pk: int) -> HttpResponse:
    return _recolter(request, table_du_bureau(request, pk), par=request.user)


def _recolter(request: HttpRequest, table: TableForum, *, par: Compte | None) -> HttpResponse:
    """Notes of a table, several in a row: the page comes back empty, with the former ones below."""
    forum = table.forum
    budget = forum.budget
    peut_noter = forum.permet("noter_a_la_table", par, table)
    pourquoi = budget.pourquoi_pas(Capacite.SAISIR) if budget is not None else ["Ce forum n’a pas de budget."]
    form = RecolterForm(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_valid():
        try:
            if dit := _noter(request, table, form, par=par):
                messages.success(request, dit)
                return redirect(request.path)
            form.add_error(None, TROP)
            status = 429
        except ErreurMetier as erreur:
            # Shown on the page, with the text that was typed.
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


@transaction.atomic
def _noter(request: HttpRequest, table: TableForum, form: RecolterForm, *, par: Compte | None) -> str:
    """Save, and return the message to show; "" beyond the limits.

    Takes a lock for each table, so that the count of the last hour is exact.
    """
    if par is None:
        verrou(f"recolter:{table.pk}")
        if not _a_sa_mesure(request, table, form):
            return ""
    texte, cle, budget = form.cleaned_data["texte"], form.cle_d_envoi({"table": table}), table.forum.budget
    if not form.est_une_idee or budget is None:
        forums.noter_a_la_table(table, par=par, texte=texte, cle=cle)
        return "Remarque notée. La suivante ?"
    quartier = form.cleaned_data["quartier"]
    idees.saisir_idee(
        budget,
        par=par,
        texte=texte,
        canal=CanalIdee.ATELIER,
        quartiers=[quartier] if quartier else [],
        table=table,
        contact=form.contact(),
        cle=cle,
    )
    return "Idée notée. La suivante ?"


def _a_sa_mesure(request: HttpRequest, table: TableForum, form: RecolterForm) -> bool:
    """Limit the use of a link that reached somebody else: rows of the table, letters to an address."""
    depuis = timezone.now() - timedelta(hours=1)
    recents = table.idees.filter(ouvert_le__gt=depuis).count() + table.notes.filter(le__gt=depuis).count()
    courriel = form.contact().courriel
    return recents < PAR_HEURE and (not courriel or limites.tenter(request, "recolter", courriel) is not None)
