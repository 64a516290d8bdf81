"""Pages of the cadres: list and page for all, list and dossier for agents; open data."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from participation.cadres.evaluations.lectures import resultats
from participation.cadres.models import Cadre, Evaluateur
from participation.cadres.niveaux.lectures import cahiers_publies, en_retard, publics
from participation.cadres.trouver import cadre_du_bureau
from participation.socle.http.decorateurs import ROLES_BUREAU, gardable, publique, reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.views.dossier import boutons_de, ou_se_lit, page_dossier
from participation.socle.workflow import Role


@publique
@require_safe
@gardable(300)
def demarches(request: HttpRequest) -> HttpResponse:
    return render(request, "cadres/demarches.html", {"cadres": publics().prefetch_related("attentes")})


@publique
@require_safe
@gardable(300)
def demarche(request: HttpRequest, reference: str) -> HttpResponse:
    """The level, what may be expected, what was kept, the pages where it happens, every change."""
    cadre: Cadre = get_object_or_404(publics(), reference=reference)
    return render(
        request,
        "cadres/demarche.html",
        {
            "cadre": cadre,
            "dossier": cadre,
            "est_en_retard": en_retard(cadre),
            "cahiers": cahiers_publies(cadre),
            "resultats": resultats(cadre) if cadre.est_fini else [],
            "pages": [(page, page.url) for page in cadre.rattachements.all()],
            "histoire": cadre.journal.filter(est_publique=True).order_by("-le", "-pk"),
        },
    )


@reserve_a(Role.AGENT)
@require_safe
def cadres(request: RequeteConnectee) -> HttpResponse:
    tous: Any = Cadre.objects.visibles_par(request.user).order_by("clos_le", "date_fin", "pk")
    return render(request, "cadres/cadres.html", {"cadres": [(cadre, en_retard(cadre)) for cadre in tous]})


@reserve_a(*ROLES_BUREAU)
@require_safe
def cadre(request: RequeteConnectee, pk: int) -> HttpResponse:
    trouve = cadre_du_bureau(request, pk)
    if not request.user.est_agent:
        return ou_se_lit(trouve)
    pages = trouve.rattachements.select_related("cadre")
    attentes = trouve.attentes.select_related("cadre", "condition")
    return page_dossier(
        request,
        trouve,
        "cadres/cadre.html",
        {
            "pages": [(page, page.url, boutons_de(page, request.user)) for page in pages],
            "cahiers": [
                (cahier, boutons_de(cahier, request.user))
                for cahier in trouve.cahiers.select_related("cadre", "piece")
            ],
            "actes": trouve.actes_permis_a(request.user),
            "evaluateurs": [
                (e, boutons_de(e, request.user))
                for e in Evaluateur.objects.filter(cadre=trouve).select_related("cadre")
            ],
            "resultats": resultats(trouve),
            "attentes": [(attente, boutons_de(attente, request.user)) for attente in attentes],
        },
    )
