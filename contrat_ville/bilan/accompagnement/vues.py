"""Pages of the acts on a line of the accompaniment."""

from django.shortcuts import get_object_or_404

from contrat_ville.bilan.accompagnement import actes
from contrat_ville.models import Accompagnement, Projet
from participation.socle.http.requete import RequeteConnectee
from participation.socle.views.dossier import trouver_dossier
from participation.socle.views.pages import Page, pages_de


def ligne_du_bureau(request: RequeteConnectee, pk: int) -> Accompagnement:
    ligne = get_object_or_404(Accompagnement.objects.select_related("projet", "par"), pk=pk)
    trouver_dossier(request.user, ligne.projet_id)
    return ligne


DE_L_ACCOMPAGNEMENT: dict[str, Page[Accompagnement]] = pages_de(Projet, actes, sur="accompagnement")
