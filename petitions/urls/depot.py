"""Who writes a pétition and who files it with its author."""

from django.urls import path, re_path

from participation.socle.views.pages import routes
from petitions.models import Petition
from petitions.views import copetitionnaires, depot
from petitions.views.etapes import brouillon_de

urlpatterns = [
    path("commencer/", depot.commencer, name="commencer"),
    path("proches/", depot.proches, name="proches"),
    path("mes-petitions/", depot.mes_petitions, name="mes_petitions"),
    path("mes-petitions/nouvelle/", depot.nouvelle, name="nouvelle"),
    path("mes-petitions/<int:pk>/", depot.ma_petition, name="ma_petition"),
    path("mes-petitions/<int:pk>/rediger/", depot.rediger, name="rediger"),
    re_path(
        r"^mes-petitions/(?P<pk>[0-9]+)/rediger/(?P<etape>demande|competence|vous|pieces)/$",
        depot.rediger,
        name="rediger",
    ),
    path(
        "mes-petitions/<int:pk>/copetitionnaires/", copetitionnaires.copetitionnaires, name="copetitionnaires"
    ),
    path("mes-petitions/<int:pk>/deposer/", depot.deposer, name="deposer"),
    *routes("mes-petitions/<int:pk>/", Petition, brouillon_de, depot.PAGES_DE_L_AUTEUR),
    path(
        "co-petitionnaire/<jeton:jeton>/",
        copetitionnaires.confirmer_copetitionnaire,
        name="confirmer_copetitionnaire",
    ),
    path("rejoindre/<jeton:jeton>/", copetitionnaires.rejoindre, name="rejoindre"),
]
