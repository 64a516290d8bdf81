"""Back office of the forums, and desk at the door: on a phone, by name or by the code of the letter."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from contrat_ville.lectures.inter_quartiers import forums as lectures
from contrat_ville.lectures.inter_quartiers.conservation import inscrits_a_effacer
from contrat_ville.models import Forum
from contrat_ville.views.inter_quartiers.trouver import forum_du_bureau
from contrat_ville.workflow.inter_quartiers import EtatInscription
from participation.socle.http import RequeteConnectee, reserve_a
from participation.socle.models import Compte
from participation.socle.textes import sans_controle
from participation.socle.views.dossier import Boutons, boutons_de, pages_du_journal
from participation.socle.views.pages import sans_portes_fermees
from participation.socle.workflow import Role

PAR_PAGE = 60
PRINCIPAUX = ("ouvrir_inscriptions", "fermer_inscriptions", "tenir_forum")
AILLEURS = {"ajouter_table", "effacer_inscrits"}


@reserve_a(Role.AGENT, Role.ACCUEIL)
@require_safe
def forums(request: RequeteConnectee) -> HttpResponse:
    return render(
        request,
        "contrat_ville/inter_quartiers/forums.html",
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
        "contrat_ville/inter_quartiers/forum.html",
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
        "contrat_ville/inter_quartiers/accueil_forum.html",
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
