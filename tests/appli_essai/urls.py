"""URLs of the réclamations."""

from django.urls import path

from participation.socle.views.pages import routes
from participation.socle.views.trouver import par_numero_visible
from tests.appli_essai.appuis import vues as appuis
from tests.appli_essai.models import Reclamation
from tests.appli_essai.reception import actes

app_name = "appli_essai"
urlpatterns = [
    path("<int:pk>/", appuis.reclamation_publique, name="reclamation_publique"),
    path("<int:pk>/appuyer/", appuis.appuyer, name="appuyer"),
    path("appui/<jeton:jeton>/", appuis.CONFIRMER.vue, name="confirmer_appui"),
    *routes("dossiers/", Reclamation, Reclamation, actes),
    *routes("dossiers/<int:pk>/", Reclamation, par_numero_visible(Reclamation), actes),
]
