"""URLs of the triage: queue, routing rules, models of answer, acts."""

from django.urls import URLPattern, path

from participation.socle.views.pages import routes
from remontees.models import Remontee
from remontees.views import actes, modeles, regles, tri, triage

urlpatterns: list[URLPattern] = [
    path("trier/", tri.trier, name="trier"),
    path("trier/apprentissage/", tri.apprentissage, name="apprentissage"),
    path("regles/", regles.regles, name="regles"),
    path("regles/nouvelle/", regles.regle, name="nouvelle_regle"),
    path("regles/<int:pk>/", regles.regle, name="regle"),
    path("modeles/", modeles.modeles, name="modeles"),
    path("modeles/nouveau/", modeles.modele, name="nouveau_modele"),
    path("modeles/<int:pk>/", modeles.modele, name="modele"),
    *routes("dossiers/<int:pk>/", Remontee, actes.remontee_du_bureau, triage.DU_TRI),
]
