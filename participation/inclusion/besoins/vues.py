"""The list of needs, an order, and the page of its provider."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from participation.inclusion.besoins import actes
from participation.inclusion.besoins.lectures import a_preparer, a_venir
from participation.inclusion.models import CommandeDeBesoin
from participation.inclusion.trouver import commande_du_bureau
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.views.dossier import page_dossier
from participation.socle.views.ensemble import Ensemble
from participation.socle.views.liens import lien_inconnu, personnelle
from participation.socle.views.pages import page_de
from participation.socle.workflow import Role

PAR_PAGE = 25


@reserve_a(Role.AGENT)
@require_safe
def besoins(request: RequeteConnectee) -> HttpResponse:
    page = Paginator(a_venir(), PAR_PAGE).get_page(request.GET.get("page"))
    contexte = {"page": page, "rencontres": a_preparer(list(page.object_list))}
    return render(request, "inclusion/besoins.html", contexte)


@reserve_a(Role.AGENT)
@require_safe
def commande(request: RequeteConnectee, pk: int) -> HttpResponse:
    return page_dossier(request, commande_du_bureau(request, pk), "inclusion/commande.html", {})


def _commande(jeton: str) -> CommandeDeBesoin | None:
    toutes: Any = CommandeDeBesoin.objects.all()
    trouvee: CommandeDeBesoin | None = CommandeDeBesoin.LIEN.trouver(jeton, toutes)
    return trouvee


LA_SIENNE = Ensemble[CommandeDeBesoin](
    pages={"confirmer_commande": page_de(actes.confirmer_commande)},
    gabarit="inclusion/ma_commande.html",
    contexte=lambda request, commande: {"commande": commande},
    par_lien=True,
)


@personnelle(_commande, lambda request: lien_inconnu(request, "aucune commande", app="inclusion"))
def ma_commande(request: HttpRequest, commande: CommandeDeBesoin, jeton: Any) -> HttpResponse:
    """The provider confirms, and says its price."""
    return LA_SIENNE.page(request, lambda: CommandeDeBesoin.objects.get(pk=commande.pk))
