"""Pages of the selection for agents: ranking, decision, settled list."""

from django.core.paginator import Paginator
from django.db.models import Case, Count, When
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from participation.renouvellement import classement as classements
from participation.renouvellement.equilibre import dimensions
from participation.renouvellement.models import Campagne, CollegeCampagne
from participation.renouvellement.selection import actes, tirages
from participation.renouvellement.selection.actes import _retenues
from participation.renouvellement.trouver import trouver_college
from participation.renouvellement.workflow import Choix
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.views.dossier import boutons_de
from participation.socle.views.pages import Page, pages_de
from participation.socle.workflow import Role

LIGNES = 50


@reserve_a(Role.AGENT)
@require_safe
def classement(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Page of a collège: ranking, decisions, balance of the retained people."""
    college = trouver_college(request, pk)
    campagne = college.campagne
    candidatures = classements.classement(college).select_related("commune", "quartier")
    if college.est_tire:
        place = Case(When(choix=Choix.RETENUE, then=0), When(choix=Choix.ATTENTE, then=1), default=2)
        candidatures = candidatures.order_by(place, "rang_attente", "numero")
    page = Paginator(candidatures, LIGNES).get_page(request.GET.get("page"))
    retenues = _retenues(college)
    comptes = dict(college.candidatures.eligibles().order_by().values_list("choix").annotate(n=Count("pk")))
    return render(
        request,
        "renouvellement/selection/classement.html",
        {
            "campagne": campagne,
            "college": college,
            "page": page,
            "retenues": comptes.get(Choix.RETENUE, 0),
            "attente": comptes.get(Choix.ATTENTE, 0),
            "non_retenues": comptes.get(Choix.NON_RETENUE, 0),
            "sans_decision": comptes.get("", 0),
            "part": min(comptes.get(Choix.RETENUE, 0) / college.sieges, 1),
            "dimensions": dimensions(campagne, retenues, "Personnes retenues"),
            "boutons": [b for b in boutons_de(college, request.user) if b.acte in PAGES_DES_COLLEGES],
            "peut_decider": not college.est_tire and campagne.permet("decider_candidature", request.user),
        },
    )


PAGES_DES_COLLEGES: dict[str, Page[CollegeCampagne]] = pages_de(
    Campagne, actes, tirages, sur="collegecampagne"
)
