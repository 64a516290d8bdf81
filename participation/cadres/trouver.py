"""Cadres and their parts by number, as the visitor may see them."""

from django.shortcuts import get_object_or_404

from participation.cadres.models import Attente, Cadre, Cahier, Evaluateur, Rattachement
from participation.socle.http.requete import RequeteConnectee
from participation.socle.views.dossier import trouver_dossier
from participation.socle.views.trouver import par_numero, par_numero_visible

cadre_du_bureau = par_numero_visible(Cadre, "agent")
rattachement_du_bureau = par_numero(Rattachement, "cadre")
attente_du_bureau = par_numero(Attente, "cadre", "condition")
evaluateur_du_bureau = par_numero(Evaluateur, "cadre")


def cahier_du_bureau(request: RequeteConnectee, pk: int) -> Cahier:
    cahier = get_object_or_404(Cahier.objects.select_related("piece"), pk=pk)
    cahier.dossier = trouver_dossier(request.user, cahier.dossier_id)
    return cahier
