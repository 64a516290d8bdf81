"""Files of the invitations: rows of a table that could not be read, with why; phone numbers drawn."""

from django.http import Http404, StreamingHttpResponse
from django.views.decorators.http import require_safe

from participation.panels.invitations.imports import refus_en_lignes
from participation.panels.invitations.lectures import numeros_tires
from participation.panels.trouver import trouver_panel
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.views.exports import en_csv, lignes_refusees
from participation.socle.workflow import Role


@reserve_a(Role.AGENT)
@require_safe
def adresses_refusees(request: RequeteConnectee, pk: int) -> StreamingHttpResponse:
    panel = trouver_panel(request, pk)
    dernier = panel.imports_adresses.first()
    entetes = dernier.entetes if dernier else []
    return lignes_refusees(f"adresses-refusees-{panel.cle}", entetes, refus_en_lignes(panel))


@reserve_a(Role.AGENT)
@require_safe
def numeros_csv(request: RequeteConnectee, pk: int) -> StreamingHttpResponse:
    """The phone numbers drawn last, written again from their seed."""
    panel = trouver_panel(request, pk)
    tires = numeros_tires(panel)
    if tires is None:
        raise Http404
    return en_csv(f"numeros-{panel.cle}", ("Numéro",), ((numero,) for numero in tires))
