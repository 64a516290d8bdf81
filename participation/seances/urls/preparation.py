"""URLs that prepare a séance: agenda, documents, convocation, answers."""

from django.urls import URLPattern, path

from participation.seances.models import Instance, Seance
from participation.seances.views import convocation, demandes, preparation, reponses, seances
from participation.socle.views.pages import routes

urlpatterns: list[URLPattern] = [
    path("seances/", seances.seances, name="seances"),
    path("seances/programmer/", preparation.programmer, name="programmer"),
    path("seances/repondre/<jeton:jeton>/", reponses.repondre_par_lien, name="repondre"),
    path("seances/<int:pk>/", seances.seance, name="seance"),
    path("seances/points/<int:pk>/", preparation.point, name="point"),
    path("seances/points/<int:pk>/ajouter-dossier/", preparation.ajouter_dossier, name="ajouter_dossier"),
    path("seances/pieces/<int:pk>/", preparation.piece, name="piece"),
    path("seances/convocations/<int:pk>/", convocation.document, name="convocation"),
    *routes("seances/<int:pk>/", Seance, seances.trouver_seance, preparation.PAGES),
    *routes("seances/<int:pk>/", Seance, seances.trouver_seance, convocation.PAGES),
    *routes("seances/points/<int:pk>/", Seance, preparation.trouver_point, preparation.PAGES_POINTS),
    *routes("seances/points/dossiers/<int:pk>/", Seance, preparation.trouver_lien, preparation.PAGES_LIENS),
    *routes("seances/invites/<int:pk>/", Seance, preparation.trouver_invite, preparation.PAGES_INVITES),
    *routes("seances/pieces/<int:pk>/", Seance, preparation.trouver_piece, preparation.PAGES_PIECES),
    *routes("seances/convies/<int:pk>/", Seance, convocation.convie_du_bureau, convocation.PAGES_CONVIES),
    *routes("seances/demandes/<int:pk>/", Instance, demandes.demande_du_bureau, demandes.PAGES),
    path("mes-instances/seances/<int:pk>/", reponses.ma_seance, name="ma_seance"),
    path("mes-instances/<slug:cle>/demandes/", demandes.demandes_points, name="demandes_points"),
    path("mes-instances/<slug:cle>/demandes/nouvelle/", demandes.demander_point, name="demander_point"),
    *routes(
        "mes-instances/demandes/<int:pk>/", Instance, demandes.demande_a_soutenir, demandes.PAGES_MEMBRES
    ),
]
