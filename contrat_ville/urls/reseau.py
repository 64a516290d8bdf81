"""URLs of the evaluation of a programmation, its indicators, the network of projets."""

from django.urls import path

from contrat_ville import trouver
from contrat_ville.evaluation import vues as evaluation
from contrat_ville.indicateurs import vues as vues_indicateurs
from contrat_ville.models import Programmation, Projet
from contrat_ville.reseau import vues as reseau
from participation.socle.views.pages import routes

urlpatterns = [
    path("programmations/<int:pk>/evaluation/", evaluation.evaluation, name="evaluation"),
    path(
        "programmations/<int:pk>/indicateurs/",
        vues_indicateurs.indicateurs_programmation,
        name="indicateurs_programmation",
    ),
    *routes("mes-projets/<int:pk>/", Projet, trouver.projet_de_l_equipe, vues_indicateurs.DE_L_EQUIPE),
    *routes(
        "programmations/<int:pk>/",
        Programmation,
        trouver.programmation_du_bureau,
        vues_indicateurs.DE_LA_PROGRAMMATION,
    ),
    *routes(
        "indicateurs/<int:pk>/", Programmation, vues_indicateurs.indicateur, vues_indicateurs.DES_INDICATEURS
    ),
    path("reseau/", reseau.reseau, name="reseau"),
    path("mes-projets/<int:pk>/reseau/", reseau.mon_reseau, name="mon_reseau"),
    *routes("mes-projets/<int:pk>/", Projet, trouver.projet_de_l_equipe, reseau.DE_L_EQUIPE),
    *routes("reseau/voisins/<int:pk>/", Projet, reseau.voisin_du_bureau, reseau.DU_BUREAU),
    *routes("mes-projets/voisins/<int:pk>/", Projet, reseau.voisin_de_l_equipe, reseau.DES_VOISINS),
]
