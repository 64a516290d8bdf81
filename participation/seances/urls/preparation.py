"""URLs that prepare a séance: agenda, documents, convocation, answers."""

from django.urls import URLPattern, path

from participation.seances import trouver
from participation.seances.convocation import vues as convocation
from participation.seances.demandes import vues as demandes
from participation.seances.fiche import vues as fiche
from participation.seances.models import Instance, Seance
from participation.seances.ordre_du_jour import vues as ordre_du_jour
from participation.seances.participants import vues as participants
from participation.seances.pieces import vues as pieces
from participation.seances.preparation import vues as preparation
from participation.socle.views.pages import routes

urlpatterns: list[URLPattern] = [
    path("seances/", fiche.seances, name="seances"),
    path("seances/programmer/", preparation.programmer, name="programmer"),
    path("seances/repondre/<jeton:jeton>/", convocation.repondre_par_lien, name="repondre"),
    path("seances/<int:pk>/", fiche.seance, name="seance"),
    path("seances/points/<int:pk>/", ordre_du_jour.point, name="point"),
    path("seances/points/<int:pk>/ajouter-dossier/", ordre_du_jour.ajouter_dossier, name="ajouter_dossier"),
    path("seances/pieces/<int:pk>/", pieces.piece, name="piece"),
    path("seances/convocations/<int:pk>/", convocation.document, name="convocation"),
    *routes("seances/<int:pk>/", Seance, trouver.trouver_seance, preparation.PAGES),
    *routes("seances/<int:pk>/", Seance, trouver.trouver_seance, ordre_du_jour.PAGES_ORDRE_DU_JOUR),
    *routes("seances/<int:pk>/", Seance, trouver.trouver_seance, participants.PAGES_PARTICIPANTS),
    *routes("seances/<int:pk>/", Seance, trouver.trouver_seance, pieces.PAGES_PIECES_JOINTES),
    *routes("seances/<int:pk>/", Seance, trouver.trouver_seance, convocation.PAGES),
    *routes("seances/points/<int:pk>/", Seance, trouver.trouver_point, ordre_du_jour.PAGES_POINTS),
    *routes("seances/points/dossiers/<int:pk>/", Seance, trouver.trouver_lien, ordre_du_jour.PAGES_LIENS),
    *routes("seances/invites/<int:pk>/", Seance, trouver.trouver_invite, participants.PAGES_INVITES),
    *routes("seances/pieces/<int:pk>/", Seance, trouver.trouver_piece, pieces.PAGES_PIECES),
    *routes("seances/convies/<int:pk>/", Seance, trouver.convie_du_bureau, convocation.PAGES_CONVIES),
    *routes("seances/demandes/<int:pk>/", Instance, trouver.demande_du_bureau, demandes.PAGES),
    path("mes-instances/seances/<int:pk>/", convocation.ma_seance, name="ma_seance"),
    path("mes-instances/<slug:cle>/demandes/", demandes.demandes_points, name="demandes_points"),
    path("mes-instances/<slug:cle>/demandes/nouvelle/", demandes.demander_point, name="demander_point"),
    *routes(
        "mes-instances/demandes/<int:pk>/", Instance, demandes.demande_a_soutenir, demandes.PAGES_MEMBRES
    ),
]
