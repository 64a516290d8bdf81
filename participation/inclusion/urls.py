"""URLs of the inclusion: who takes part, for all and for agents; aller-vers; needs."""

from django.urls import URLPattern, path

from participation.inclusion.aller_vers import vues as aller_vers
from participation.inclusion.besoins import vues as besoins
from participation.inclusion.models import ActionAllerVers
from participation.inclusion.pages import NOUVELLE, PAGES
from participation.inclusion.profils import vues as profils
from participation.inclusion.trouver import action_du_bureau
from participation.socle.views.pages import routes

app_name = "inclusion"
urlpatterns: list[URLPattern] = [
    # Public
    path("qui-participe/", profils.qui_participe, name="qui_participe"),
    path("qui-participe/repondre/", profils.repondre, name="repondre"),
    # Agents
    path("inclusion/", profils.publics, name="publics"),
    path("inclusion/<int:annee>/<slug:nature>/<int:numero>/", profils.publics_de, name="publics_de"),
    path("inclusion/besoins/", besoins.besoins, name="besoins"),
    path("inclusion/aller-vers/", aller_vers.liste_aller_vers, name="liste_aller_vers"),
    path("inclusion/aller-vers/<int:pk>/", aller_vers.aller_vers, name="aller_vers"),
    *routes("inclusion/", ActionAllerVers, ActionAllerVers, NOUVELLE),
    *routes("inclusion/aller-vers/<int:pk>/", ActionAllerVers, action_du_bureau, PAGES),
]
