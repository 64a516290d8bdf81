"""URLs of the follow-up of the quartiers and of their focus groups, under `/contrat-de-ville/`."""

from django.urls import URLPattern, path

from contrat_ville.groupes import vues as groupes
from contrat_ville.models import GroupeDiscussion, SuiviQuartier
from contrat_ville.quartiers import vues as quartiers
from contrat_ville.suites import vues as suites
from participation.socle.views.pages import routes

urlpatterns: list[URLPattern] = [
    # Public page
    path("groupes/<slug:reference>/", groupes.groupe_public, name="groupe_public"),
    # Back office
    path("suivi-des-quartiers/", quartiers.quartiers_suivis, name="quartiers_suivis"),
    path("suivi-des-quartiers/<int:pk>/", quartiers.quartier_suivi, name="quartier_suivi"),
    *routes(
        "suivi-des-quartiers/<int:pk>/", SuiviQuartier, quartiers.trouver_quartier, quartiers.DU_QUARTIER
    ),
    *routes("suivi-des-quartiers/<int:pk>/", GroupeDiscussion, groupes.nouveau_groupe, groupes.NOUVEAU),
    *routes(
        "reunions-de-quartier/<int:pk>/", SuiviQuartier, quartiers.trouver_reunion, quartiers.DES_REUNIONS
    ),
    path("observations/<int:pk>/photo/", quartiers.photo_observation, name="photo_observation"),
    *routes(
        "observations/<int:pk>/", SuiviQuartier, quartiers.trouver_observation, quartiers.DES_OBSERVATIONS
    ),
    path("groupes-de-discussion/<int:pk>/", groupes.groupe, name="groupe"),
    *routes("groupes-de-discussion/<int:pk>/", GroupeDiscussion, groupes.trouver_groupe, groupes.DU_GROUPE),
    *routes(
        "participants/<int:pk>/", GroupeDiscussion, groupes.trouver_participant, groupes.DES_PARTICIPANTS
    ),
    *routes("paroles/<int:pk>/", GroupeDiscussion, groupes.trouver_parole, groupes.DES_PAROLES),
    # Suites of any dossier of the Contrat de Ville
    *routes("suites/<int:pk>/", GroupeDiscussion, suites.voix_du_bureau, suites.DES_SUITES),
]
