"""Pages of the library of formats."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from participation.rencontres.models import Format
from participation.rencontres.trouver import trouver_format
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.views.dossier import boutons_de, pages_du_journal
from participation.socle.workflow import Role


@reserve_a(Role.AGENT)
@require_safe
def formats(request: RequeteConnectee) -> HttpResponse:
    return render(request, "rencontres/formats.html", {"formats": Format.objects.order_by("etat", "nom")})


@reserve_a(Role.AGENT)
@require_safe
def un_format(request: RequeteConnectee, pk: int) -> HttpResponse:
    trouve = trouver_format(request, pk)
    return render(
        request,
        "rencontres/format.html",
        {
            "format": trouve,
            "apparence": trouve.apparence,
            "boutons": boutons_de(trouve, request.user),
            "journal": pages_du_journal(request, trouve),
        },
    )
