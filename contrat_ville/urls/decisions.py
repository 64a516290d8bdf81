"""URLs of the recours and of the table of the délibération."""

from django.urls import path

from contrat_ville import trouver
from contrat_ville.deliberation import vues as deliberation
from contrat_ville.models import Programmation, Projet
from contrat_ville.recours import vues as recours
from participation.socle.views.pages import routes

urlpatterns = [
    *routes("recours/<int:pk>/", Projet, recours.recours_du_bureau, recours.DES_RECOURS),
    path(
        "programmations/<int:pk>/deliberation.xlsx", deliberation.deliberation_xlsx, name="deliberation_xlsx"
    ),
    *routes("programmations/<int:pk>/", Programmation, trouver.programmation_du_bureau, deliberation.PAGES),
]
