"""Pages of the external management control, by service, with the linked saisine and séance."""

from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from ccspl.controle import actes
from ccspl.controle.actes import ControleForm, FinirControleForm
from ccspl.models import Controle
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.views.pages import Page
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


AJOUTER: Page[Controle] = Page(
    actes.ajouter_controle,
    ControleForm,
    succes="L’élément est suivi.",
    retour=lambda element, fait: (fait or element).get_absolute_url(),
)


PAGES: dict[str, Page[Controle]] = {
    "modifier_controle": Page(actes.modifier_controle, ControleForm, succes="L’élément est modifié."),
    "finir_controle": Page(actes.finir_controle, FinirControleForm, succes="L’élément est terminé."),
    "retirer_controle": Page(
        actes.retirer_controle,
        consequence="Il n’est plus montré sur la page. Le journal de la commission en garde la trace.",
        succes="L’élément n’est plus suivi.",
        retour=lambda *_: reverse("ccspl:controle"),
    ),
}
