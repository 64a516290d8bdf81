"""Pages of the external management control, by service, with the linked saisine and séance."""

from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ccspl.controle import actes
from ccspl.models import Controle
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.views.pages import Page, pages
from participation.socle.views.trouver import par_numero
from participation.socle.workflow import Role


@reserve_a(Role.AGENT, Role.ELU)
@require_safe
def controle(request: RequeteConnectee) -> HttpResponse:
    """Elements by service, nearest deadline first; ended ones are folded at the end of each service."""
    suivis = Controle.objects.suivis().select_related("service", "avis", "seance")
    return render(
        request,
        "ccspl/vie/controle.html",
        {
            "app": "ccspl",
            "services": [
                (service, sorted(siens, key=lambda c: c.fini_le is not None))
                for service, siens in groupby(suivis, key=lambda c: c.service)
            ],
            "en_retard": sum(c.est_en_retard for c in suivis),
            "est_agent": request.user.est_agent,
        },
    )


element = par_numero(Controle, "service", "avis", "seance")


AJOUTER = pages(actes.ajouter_controle)


PAGES: dict[str, Page[Controle]] = pages(
    actes.modifier_controle, actes.finir_controle, actes.retirer_controle
)
