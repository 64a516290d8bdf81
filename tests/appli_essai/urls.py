"""URLs of the réclamations."""

from django.urls import path

from participation.socle.views.pages import routes
from tests.appli_essai.appuis import vues as appuis
from tests.appli_essai.models import Reclamation
from tests.appli_essai.pages import NOUVELLE, PAGES, reclamation_du_bureau

app_name = "appli_essai"
urlpatterns = [
    path("<int:pk>/", appuis.reclamation_publique, name="reclamation_publique"),
    path("<int:pk>/appuyer/", appuis.appuyer, name="appuyer"),
    path("appui/<jeton:jeton>/", appuis.CONFIRMER.vue, name="confirmer_appui"),
    *routes("dossiers/", Reclamation, Reclamation, NOUVELLE),
    *routes("dossiers/<int:pk>/", Reclamation, reclamation_du_bureau, PAGES),
]
