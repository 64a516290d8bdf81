"""Receptions that failed: an agent tries again, or says that they were noted by hand."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from participation.socle.http import RequeteConnectee, reserve_a
from participation.socle.workflow import Role
from remontees.actions import reception as actions
from remontees.models import Reception
from remontees.regles.charge import Charge

MONTREES = 50


@reserve_a(Role.AGENT)
@require_http_methods(["GET", "HEAD", "POST"])
def receptions(request: RequeteConnectee) -> HttpResponse:
    attente = Reception.objects.en_panne()
    if request.method == "POST":
        _agir(request)
        return redirect("remontees:receptions")
    lues = [(reception, Charge.de_json(reception.charge)) for reception in attente[:MONTREES]]
    return render(request, "remontees/receptions.html", {"receptions": lues, "combien": attente.count()})


def _agir(request: RequeteConnectee) -> None:
    repere = request.POST.get("reception", "")
    cle = next((lue.cle for lue in Reception.objects.en_panne() if lue.repere == repere), None)
    if cle is None:
        return
    if "abandonner" in request.POST:
        actions.abandonner(cle)
        messages.success(request, "C’est noté : elle n’attend plus ici.")
        return
    remontee = actions.recevoir(cle)
    if remontee is not None:
        messages.success(request, f"Remontée {remontee.reference} enregistrée.")
    else:
        messages.error(request, "Elle ne peut toujours pas être lue : notez-la à la main.")
