"""Pages of the marchés of draws in the back office."""

from django.db.models import Sum
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from participation.panels.models import Marche
from participation.panels.trouver import trouver_marche
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.views.dossier import boutons_de, page_dossier
from participation.socle.workflow import Role


@reserve_a(Role.AGENT)
@require_safe
def marches(request: RequeteConnectee) -> HttpResponse:
    lignes = Marche.objects.visibles_par(request.user).annotate(total=Sum("commandes__montant"))
    return render(request, "panels/marches.html", {"marches": lignes.order_by("-date_fin", "-pk")})


@reserve_a(Role.AGENT)
@require_safe
def marche(request: RequeteConnectee, pk: int) -> HttpResponse:
    trouve = trouver_marche(request, pk)
    commandes = trouve.commandes.select_related("panel", "lot", "marche")
    return page_dossier(
        request,
        trouve,
        "panels/marche.html",
        {
            "marche": trouve,
            "actes": trouve.actes_permis_a(request.user),
            "lots": trouve.lots.annotate(total=Sum("commandes__montant")),
            "commandes": [(commande, boutons_de(commande, request.user)) for commande in commandes],
            "commande": trouve.commande,
            "reste": trouve.reste,
            "fins": list(trouve.a_reconduire()),
        },
    )
