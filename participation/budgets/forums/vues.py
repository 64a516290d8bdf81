"""Forums: back office, desk at the door, registration of a person, notes taken at a table by a signed link."""

import uuid
from datetime import timedelta
from typing import Any

import segno
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from participation.budgets.conservation.lectures import inscrits_a_effacer
from participation.budgets.forums import actes, lectures
from participation.budgets.forums.actes import SInscrireForm
from participation.budgets.idees import actes as idees
from participation.budgets.idees.actes import RecolterForm
from participation.budgets.models import Forum, InscriptionForum, TableForum
from participation.budgets.trouver import forum_du_bureau, forum_en_ligne, table_du_bureau
from participation.budgets.workflow.budget import CanalIdee, Capacite, EtatInscription
from participation.socle.bd.verrous import verrou
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.http import limites
from participation.socle.http.decorateurs import publique, reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte, ReglageService
from participation.socle.regles.adresses import canoniser
from participation.socle.regles.textes import sans_controle
from participation.socle.views.dossier import Boutons, boutons_de, pages_du_journal
from participation.socle.views.ensuite import Ensuite
from participation.socle.views.liens import du_lien_ou_404
from participation.socle.views.pages import essayer, sans_portes_fermees
from participation.socle.views.preuves import PreuveParCourriel
from participation.socle.workflow import Role

PAR_PAGE = 60
PRINCIPAUX = ("ouvrir_inscriptions", "fermer_inscriptions", "tenir_forum")
AILLEURS = {"ajouter_table", "dresser_tables", "effacer_inscrits"}


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
    inscriptions = Paginator(lectures.inscrites(trouve), PAR_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "budgets/forums/forum.html",
        {
            "forum": trouve,
            "apparence": apparence,
            "ensuite": apparence.ensuite.format_map(mots),
            "pour_vous": apparence.pour.get(Role.AGENT, ""),
            "boutons": boutons(trouve, request.user),
            "actes": trouve.actes_permis_a(request.user),
            "chiffres": lectures.chiffres(trouve),
            "tables": tables,
            "inscriptions": inscriptions,
            "annulables": {i.pk for i in inscriptions if i.permet("annuler_inscription", request.user)},
            "a_effacer": inscrits_a_effacer(trouve).count(),
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


@reserve_a(Role.AGENT, Role.ACCUEIL)
@never_cache
@require_safe
def bureau_du_forum(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Desk of a forum: search a person by name, and record the presence in one click."""
    trouve = forum_du_bureau(request, pk)
    mots = sans_controle(request.GET.get("q", ""))
    gens = Paginator(lectures.a_l_accueil(trouve, mots), PAR_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "budgets/forums/accueil_forum.html",
        {
            "forum": trouve,
            "fil": sans_portes_fermees(trouve.fil, request.user),
            "gens": gens,
            "mots": mots,
            "presentes": trouve.inscriptions.filter(presente_le__isnull=False).count(),
            "attendues": trouve.inscriptions.filter(etat=EtatInscription.INSCRITE).count(),
            "est_ouvert": trouve.etat in {"ouvert", "ferme", "tenu"},
            "peut_inscrire": trouve.etat in {"ouvert", "ferme"},
            "trop_tot": trouve.avant_le_jour(),
            "tables": trouve.tables.all(),
        },
    )


def est_de_l_accueil(request: HttpRequest) -> bool:
    """Whether the reader works at the desk: scanning the code of a letter then records the presence.

    Any other reader sees their own ticket.
    """
    compte = request.user
    return isinstance(compte, Compte) and bool(compte.roles & {Role.AGENT, Role.ACCUEIL})


TROP = (
    "Beaucoup d’inscriptions arrivent depuis votre réseau, ou pour cette adresse. "
    "Vos réponses sont toujours là : envoyez-les de nouveau dans une heure, ou appelez-nous."
)


@publique
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def s_inscrire(request: HttpRequest, pk: int) -> HttpResponse:
    forum = forum_en_ligne(pk)
    form = SInscrireForm(request.POST if request.method == "POST" else None)
    statut = 200
    if not forum.recoit():
        statut = 409 if request.method == "POST" else 200
        form = None  # type: ignore[assignment]  # the page says that registrations are closed
    elif form.is_valid():
        cle = form.cle_d_envoi()
        if form.est_piege:
            return Ensuite(reverse("budgets:inscription_recue", args=[cle]))
        if limites.tenter(request, "forum", form.cleaned_data["courriel"]):
            reponses = {**form.reponses(), "cle": cle}
            est_prouve = _est_la_sienne(request, reponses["courriel"])
            faite = None
            try:
                faite = essayer(
                    form, lambda: actes.inscrire_au_forum(forum, par=None, est_prouve=est_prouve, **reponses)
                )
            except ActeInterdit as erreur:
                form.add_error(None, erreur.message)
                statut = 409
            if faite is not None and est_prouve and _est_la_sienne(request, faite.courriel):
                return Ensuite(reverse("budgets:mon_inscription", args=[faite.jeton()]))
            if not form.errors:
                return Ensuite(reverse("budgets:inscription_recue", args=[cle]))
        else:
            form.add_error(None, TROP)
            statut = 429
    elif form.is_bound:
        statut = 422
    return render(
        request,
        "budgets/forums/s_inscrire.html",
        {
            "forum": forum,
            "form": form,
            "est_complet": not forum.places_libres,
            "service": ReglageService.actuel(),
        },
        status=statut,
    )


@publique
@never_cache
@require_safe
def inscription_recue(request: HttpRequest, cle: uuid.UUID) -> HttpResponse:
    """Say that a letter leaves. Never the ticket: who registered somebody else sees this page too."""
    inscription = InscriptionForum.objects.select_related("forum").filter(cle=cle).first()
    reponse = render(request, "budgets/forums/recue.html", {"inscription": inscription})
    reponse["X-Robots-Tag"] = "noindex"
    return reponse


def _est_la_sienne(request: HttpRequest, courriel: str) -> bool:
    """Whether the visitor has signed in with this mailbox: it needs no other proof."""
    compte = request.user
    return isinstance(compte, Compte) and canoniser(compte.courriel) == canoniser(courriel)


def _inscription(jeton: str) -> InscriptionForum:
    return du_lien_ou_404(
        InscriptionForum.LIEN,
        jeton,
        InscriptionForum.objects.select_related("forum__budget", "quartier", "table"),
    )


@publique
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mon_inscription(request: HttpRequest, jeton: str) -> HttpResponse:
    """Ticket: code for the door, needs, cancellation.

    The code is this URL: scanned by the desk, it opens the page that records the presence.
    """
    inscription = _inscription(jeton)
    if est_de_l_accueil(request):
        return _a_la_porte(request, inscription, jeton)
    if request.method == "POST":
        # Not the button of the door, sent once the session of the desk is over.
        if "annuler" in request.POST:
            actes.annuler_inscription(inscription, par=None)
        return redirect("budgets:mon_inscription", jeton)
    adresse = settings.SITE_URL + reverse("budgets:mon_inscription", args=[jeton])
    qr = segno.make(adresse, error="m", micro=False)
    return _personnelle(
        request,
        "budgets/forums/mon_inscription.html",
        {
            "inscription": inscription,
            "forum": inscription.forum,
            "besoins": inscription.besoins_en_mots,
            "qui": f"inscription:{inscription.pk}",
            "qr": mark_safe(  # noqa: S308 made here
                qr.svg_inline(omitsize=True, svgclass="projection-qr", lineclass=None, border=2)
            ),
            "peut_annuler": inscription.permet("annuler_inscription", None),
        },
    )


def _a_confirmer(jeton: str) -> InscriptionForum | None:
    inscriptions = InscriptionForum.objects.select_related("forum__budget")
    return InscriptionForum.LIEN_CONFIRMATION.trouver(jeton, inscriptions)


CONFIRMER = PreuveParCourriel[InscriptionForum](
    trouver=_a_confirmer,
    prouver=lambda request, inscription: actes.confirmer_inscription(inscription),
    app="budgets",
    gabarit="budgets/forums/confirmer.html",
    contexte=lambda inscription, jeton: {
        "inscription": inscription,
        "forum": inscription.forum,
        "reste": inscription.forum.places_libres,
    },
    ensuite=lambda inscription: reverse("budgets:mon_inscription", args=[inscription.jeton()]),
    quoi="aucune inscription",
    sinon="Sinon, inscrivez-vous de nouveau depuis la page du forum.",
)


def _a_la_porte(request: HttpRequest, inscription: InscriptionForum, jeton: str) -> HttpResponse:
    """Record the presence in one click. A second scan says that the person is already in."""
    compte: Any = request.user
    refus = ""
    if request.method == "POST":
        try:
            actes.noter_presence(inscription, par=compte)
            return redirect("budgets:mon_inscription", jeton)
        except ErreurMetier as erreur:
            refus = erreur.message
            inscription.refresh_from_db()
    return _personnelle(
        request,
        "budgets/forums/a_la_porte.html",
        {
            "inscription": inscription,
            "forum": inscription.forum,
            "besoins": inscription.besoins_en_mots,
            "peut_noter": inscription.permet("noter_presence", compte),
            "trop_tot": inscription.manques("noter_presence", compte),
            "refus": refus,
        },
        status=409 if refus else 200,
    )


def _personnelle(
    request: HttpRequest, gabarit: str, contexte: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    reponse = render(request, gabarit, contexte, status=status)
    reponse["X-Robots-Tag"] = "noindex"
    return reponse


MONTREES = 20
PAR_HEURE = 200  # most idées and notes in an hour, for one table, through its link
TROP_A_LA_TABLE = "Beaucoup a été noté à cette table, ou pour cette adresse, en une heure. Votre texte est toujours là : envoyez-le plus tard."


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
