"""URLs of the triage: queue, routing rules, models of answer, acts."""

from django.urls import URLPattern, path

from participation.socle.views.pages import routes
from remontees import trouver
from remontees.modeles import vues as modeles
from remontees.models import Remontee
from remontees.routage import vues as vues_routage
from remontees.tri import vues as tri

urlpatterns: list[URLPattern] = [
    path("trier/", tri.trier, name="trier"),
    path("trier/apprentissage/", tri.apprentissage, name="apprentissage"),
    path("regles/", vues_routage.regles, name="regles"),
    path("regles/nouvelle/", vues_routage.regle, name="nouvelle_regle"),
    path("regles/<int:pk>/", vues_routage.regle, name="regle"),
    path("modeles/", modeles.modeles, name="modeles"),
    path("modeles/nouveau/", modeles.modele, name="nouveau_modele"),
    path("modeles/<int:pk>/", modeles.modele, name="modele"),
    *routes("dossiers/<int:pk>/", Remontee, trouver.remontee_du_bureau, tri.DU_TRI),
]
