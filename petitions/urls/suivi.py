"""Publication, campaign, what comes after the thresholds, indicators: the service's doors."""

from django.urls import path

from participation.socle.views.pages import routes
from petitions.models import Petition
from petitions.views import actes, indicateurs, suivi

urlpatterns = [
    path("indicateurs/", indicateurs.indicateurs, name="indicateurs"),
    path("rapport/", indicateurs.rapport_annuel, name="rapport_annuel"),
    *routes("dossiers/<int:pk>/", Petition, actes.petition_du_bureau, actes.PAGES_DE_LA_COLLECTE),
    *routes("dossiers/<int:pk>/", Petition, actes.petition_du_bureau, actes.PAGES_DES_SUITES),
    *routes("dossiers/taches/<int:pk>/", Petition, actes.tache_du_bureau, actes.PAGES_DES_TACHES),
    path("nouvelles/<jeton:jeton>/", suivi.ne_plus_recevoir, name="ne_plus_recevoir"),
]
