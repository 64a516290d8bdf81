"""URLs of the recours and of the table of the délibération."""

from django.urls import path

from contrat_ville.models import Programmation, Projet
from contrat_ville.views import actes, comites, deliberation
from participation.socle.views.pages import routes

urlpatterns = [
    *routes("recours/<int:pk>/", Projet, comites.recours_du_bureau, comites.DES_RECOURS),
    path(
        "programmations/<int:pk>/deliberation.xlsx", deliberation.deliberation_xlsx, name="deliberation_xlsx"
    ),
    *routes("programmations/<int:pk>/", Programmation, actes.programmation_du_bureau, deliberation.PAGES),
]
