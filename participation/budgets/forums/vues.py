"""Forums: back office, notes taken at a table by a signed link."""

from datetime import timedelta

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from participation.budgets.forums import actes, lectures
from participation.budgets.idees import depot
from participation.budgets.idees.depot import RecolterForm
from participation.budgets.models import Forum, TableForum
from participation.budgets.trouver import forum_du_bureau, table_du_bureau
from participation.budgets.workflow.budget import CanalIdee, Capacite
from participation.inscriptions import vues as inscriptions
from participation.socle.bd.verrous import verrou
from participation.socle.erreurs import ErreurMetier
from participation.socle.http import limites
from participation.socle.http.decorateurs import publique, reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte, Tournee
from participation.socle.views.dossier import Boutons, avec_actes, boutons_de, pages_du_journal
from participation.socle.views.liens import LienPerdu
from participation.socle.workflow import Role

PRINCIPAUX = ("ouvrir_inscriptions", "fermer_inscriptions", "tenir_forum")
AILLEURS = {"ajouter_table", "dresser_tables", "inscrire", "effacer_inscrits"}


@reserve_a(Role.AGENT, Role.ACCUEIL)
@require_safe
def forums(request: RequeteConnectee) -> HttpResponse:
    return render(
        request,
        "budgets/forums/forums.html",
        {
            "forums": Forum.objects.select_related("budget").prefetch_related("tables"),
            "peut_preparer": Forum(etat="preparation").permet("preparer_forum", request.user),
        },
    )


@reserve_a(Role.AGENT)
@require_safe
def forum(request: RequeteConnectee, pk: int) -> HttpResponse:
    trouve = forum_du_bureau(request, pk)
    apparence, mots = trouve.apparence, trouve.mots_de_suite()
    tables = [
        (
            table,
            boutons_de(table, request.user),
            [(n, boutons_de(n, request.user)) for n in table.notes.all()],
        )
        for table in lectures.recolte(trouve, publique=False)
    ]
    return render(
        request,
        "budgets/forums/forum.html",
        {
            "forum": trouve,
            "apparence": apparence,
            "ensuite": apparence.ensuite.format_map(mots),
            "pour_vous": avec_actes(trouve, request.user, apparence.pour.get(Role.AGENT, "")),
            "boutons": boutons(trouve, request.user),
            "actes": trouve.actes_permis_a(request.user),
            "tables": tables,
            **inscriptions.contexte(request, trouve),
            "tournees": Tournee.objects.lettres_de(trouve),
            "journal": pages_du_journal(request, trouve),
        },
    )


def boutons(forum: Forum, compte: Compte) -> Boutons:
    offerts = {b.acte: b for b in boutons_de(forum, compte) if b.acte not in AILLEURS}
    # These acts are possible but not due yet: the main button does not offer them.
    pas_encore = {"fermer_inscriptions"} if forum.recoit() else set()
    pas_encore |= {"tenir_forum"} if forum.debut > timezone.now() else set()
    principal = next(
        (offerts[acte] for acte in PRINCIPAUX if acte in offerts and acte not in pas_encore), None
    )
    seconds = [b for b in offerts.values() if b is not principal and not b.est_dangereux]
    return Boutons(principal, seconds, [b for b in offerts.values() if b.est_dangereux])


MONTREES = 20
PAR_HEURE = 200  # most idées and notes in an hour, for one table, through its link
TROP_A_LA_TABLE = "Beaucoup a été noté à cette table, ou pour cette adresse, en une heure. Votre texte est toujours là : envoyez-le plus tard."


@publique
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def table_par_lien(request: HttpRequest, jeton: str) -> HttpResponse:
    table = TableForum.du_jeton(jeton)
    if table is None:
        raise LienPerdu
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
            form.add_error(None, TROP_A_LA_TABLE)
            status = 429
        except ErreurMetier as erreur:
            # Shown on the page, with the text that was typed.
            form.add_error(None, erreur.message)
            status = 409
    elif form.is_bound:
        status = 422
    return render(
        request,
        "budgets/forums/table.html",
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
        actes.noter_a_la_table(table, par=par, texte=texte, cle=cle)
        return "Remarque notée. La suivante ?"
    quartier = form.cleaned_data["quartier"]
    depot.saisir_idee(
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
