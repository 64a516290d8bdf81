"""Pages of the points of an agenda."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from participation.seances.models import Point
from participation.seances.ordre_du_jour import actes
from participation.seances.ordre_du_jour.actes import contexte_du_point
from participation.seances.trouver import trouver_point
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee, est_un_numero
from participation.socle.views.dossier import trouver_dossier
from participation.socle.views.pages import Page, page_acte, page_de, pages
from participation.socle.workflow import Role


@reserve_a(Role.AGENT)
@require_http_methods(["GET", "HEAD", "POST"])
def point(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Show a point: text, dossiers (searched by reference or title), documents. Read-only once it is closed."""
    trouve = trouver_point(request, pk)
    if request.method == "POST" or trouve.permet("modifier_point", request.user):
        return page_acte(request, trouve, "modifier_point", page_de(actes.modifier_point))
    return render(
        request,
        "seances/ordre_du_jour/point.html",
        {
            "suivi": trouve.seance,
            "domaine": trouve.seance.domaine,
            "fil": trouve.fil,
            "cadre_page": "bureau.html",
            "est_publique": False,
            "titre": f"Point : {trouve}",
            "sujet": trouve.seance.titre,
            "obstacles": [],
            "form": None,
            "lettre": None,
            **contexte_du_point(request, trouve, None),
        },
    )


@require_POST
def ajouter_dossier(request: RequeteConnectee, pk: int) -> HttpResponse:
    trouve = trouver_point(request, pk)
    numero = request.POST.get("dossier", "")
    if not est_un_numero(numero):
        raise Http404
    dossier = trouver_dossier(request.user, int(numero))
    page: Page[Point] = Page(
        lambda point, par: actes.ajouter_dossier(point, dossier, par=par),
        succes="Le dossier est à ce point.",
        retour=f"{trouve.get_absolute_url()}#dossiers",
        en_un_clic=True,
    )
    return page_acte(request, trouve, "ajouter_dossier", page)


PAGES_POINTS: dict[str, Page[Point]] = pages(actes.ordonner, actes.retirer_point)
