"""The page of a commune, for its agents, the service and the élus."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.lectures.communes import communes_de, demandes_a, dossiers_de
from participation.socle.models import Commune
from participation.socle.vitrine import recueillir
from participation.socle.workflow import Role


@reserve_a(Role.AGENT, Role.ELU, Role.AGENT_COMMUNE)
@require_safe
def commune(request: RequeteConnectee, code: str) -> HttpResponse:
    """404 on another commune than theirs for the agents of a commune."""
    compte = request.user
    est_la_leur = code in communes_de(compte)
    if not est_la_leur and compte.roles.isdisjoint({Role.AGENT, Role.ELU}):
        raise Http404
    lue = get_object_or_404(Commune, pk=code)
    attendues, repondues = demandes_a(lue, compte)
    return render(
        request,
        "socle/commune.html",
        {
            "commune": lue,
            "est_la_leur": est_la_leur,
            "url_adresse": lue.url_adresse if compte.est_agent else "",
            "attendues": attendues,
            "repondues": repondues,
            "voix": [(voix, voix.nombres.get(code, 0)) for voix in recueillir("voix_par_commune")],
            "natures": dossiers_de(lue, compte),
        },
    )
