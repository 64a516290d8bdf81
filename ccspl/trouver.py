"""Avis and their parts by number, as the visitor may see them."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import Http404
from django.shortcuts import get_object_or_404

from ccspl.models import Avis, Proposition, ReunionDuConseil, ServiceSuivi, siege
from ccspl.models.redaction import PartieDeLAvis
from participation.socle.http.requete import RequeteConnectee, est_un_numero
from participation.socle.views.trouver import par_numero, par_numero_visible

P = TypeVar("P", bound=PartieDeLAvis)


# Objects of the acts
trouver = par_numero_visible(
    Avis, "service__direction", "conseil", "mandature__instance", "agent", "direction", "document"
)


def lisible(request: RequeteConnectee, pk: int) -> Avis:
    """Return the avis if the account may read its text; raises Http404 for others than agents and members."""
    avis = trouver(request, pk)
    if not (request.user.est_agent or siege(request.user)):
        raise Http404
    return avis


def partie(modele: type[P], *jointes: str) -> Callable[..., P]:
    def chercher(request: RequeteConnectee, pk: int) -> P:
        lue: Any = get_object_or_404(modele._default_manager.select_related(*jointes), pk=pk)
        lue.avis = lisible(request, lue.avis_id)
        trouvee: P = lue
        return trouvee

    return chercher


def proposition_sienne(request: RequeteConnectee, pk: int) -> Proposition:
    """Return a proposition of this author; raises Http404 for anybody else."""
    proposition = get_object_or_404(Proposition, pk=pk, auteur=request.user)
    proposition.avis = lisible(request, proposition.avis_id)
    return proposition


def nouvelle_saisine(request: RequeteConnectee) -> Avis:
    """Return a new avis; the links of the legal calendar give service and objet in the URL."""
    service = request.GET.get("service", "")
    return Avis(
        service=ServiceSuivi.objects.filter(pk=service).first() if est_un_numero(service) else None,
        objet=request.GET.get("objet", ""),
    )


reunion_du_conseil = par_numero(ReunionDuConseil)
