"""URLs of the engagements: for all, then for agents."""

from django.urls import URLPattern, path

from participation.engagements.models import EngagementPris
from participation.engagements.pages import ENGAGEMENTS, INDICATEURS, NOUVEL_ENGAGEMENT
from participation.engagements.promesses import vues as promesses
from participation.engagements.trouver import engagement_du_bureau, indicateur_du_bureau
from participation.socle.views.pages import routes

app_name = "engagements"
urlpatterns: list[URLPattern] = [
    # Public
    path("engagements/", promesses.engagements, name="engagements"),
    path("engagements/engagements.csv", promesses.donnees_csv, name="engagements_csv"),
    path("engagements/engagements.json", promesses.donnees_json, name="engagements_json"),
    path("engagements/<slug:reference>/", promesses.engagement, name="engagement"),
    # Agents
    path("dossiers/engagements/", promesses.dossiers_engagements, name="dossiers_engagements"),
    path("dossiers/engagements/rapports/", promesses.rapports, name="rapports_engagements"),
    path("dossiers/engagements/<int:pk>/", promesses.dossier_engagement, name="dossier_engagement"),
    *routes("dossiers/engagements/", EngagementPris, EngagementPris, NOUVEL_ENGAGEMENT),
    *routes("dossiers/engagements/<int:pk>/", EngagementPris, engagement_du_bureau, ENGAGEMENTS),
    *routes("dossiers/indicateurs/<int:pk>/", EngagementPris, indicateur_du_bureau, INDICATEURS),
]
