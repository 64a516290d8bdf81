"""URLs of the cadres of the démarches: for all, then for agents."""

from django.urls import URLPattern, path

from participation.cadres import cahiers, evaluations, niveaux, trouver
from participation.cadres.models import Cadre
from participation.socle.models import Dossier
from participation.socle.views.actes import dossier_du_bureau
from participation.socle.views.pages import routes

app_name = "cadres"
urlpatterns: list[URLPattern] = [
    # Public
    path("demarches/", niveaux.demarches, name="demarches"),
    path("demarches/<slug:reference>/", niveaux.demarche, name="demarche"),
    path("demarches/evaluer/<jeton:jeton>/", evaluations.evaluer_par_lien, name="evaluer_par_lien"),
    path("cahiers/<slug:reference>/", cahiers.proposer_cahier, name="proposer_cahier"),
    path("cahiers/<slug:reference>/merci/", cahiers.cahier_demande, name="cahier_demande"),
    path("demarches/cahiers/<jeton:jeton>/", cahiers.cahier_a_deposer, name="deposer_cahier"),
    path("demarches/cahiers/<jeton:jeton>/confirmer/", cahiers.CONFIRMER.vue, name="confirmer_cahier"),
    # Agents
    path("dossiers/demarches/", niveaux.cadres, name="cadres"),
    path("dossiers/demarches/<int:pk>/", niveaux.cadre, name="cadre"),
    *routes("dossiers/demarches/", Cadre, Cadre, niveaux),
    *routes("dossiers/demarches/<int:pk>/", Cadre, trouver.cadre_du_bureau, niveaux, evaluations),
    *routes(
        "dossiers/demarches/pages/<int:pk>/",
        Cadre,
        trouver.rattachement_du_bureau,
        niveaux,
        sur="rattachement",
    ),
    *routes(
        "dossiers/demarches/attentes/<int:pk>/", Cadre, trouver.attente_du_bureau, niveaux, sur="attente"
    ),
    *routes("dossiers/<int:pk>/", Dossier, dossier_du_bureau, cahiers),
    *routes("dossiers/cahiers/<int:pk>/", Dossier, trouver.cahier_du_bureau, cahiers, sur="cahier"),
    *routes(
        "dossiers/demarches/evaluateurs/<int:pk>/",
        Cadre,
        trouver.evaluateur_du_bureau,
        evaluations,
        sur="evaluateur",
    ),
]
