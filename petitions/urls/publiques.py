"""What everybody may read, and the open data."""

from django.urls import path

from petitions.views import donnees_ouvertes, publiques

urlpatterns = [
    path("", publiques.liste, name="liste"),
    path("reglement/", publiques.reglement, name="reglement"),
    path("reglement/<str:version>/", publiques.reglement, name="reglement"),
    path("donnees/", donnees_ouvertes.donnees_ouvertes, name="donnees_ouvertes"),
    path("donnees/petitions.json", donnees_ouvertes.donnees_json, name="donnees_json"),
    path("donnees/petitions.csv", donnees_ouvertes.donnees_csv, name="donnees_csv"),
    path("atom.xml", donnees_ouvertes.atom, name="atom"),
    path("<int:pk>/donnees.json", donnees_ouvertes.donnees_petition, name="donnees_petition"),
    path("<int:pk>/qr.svg", publiques.qr, name="qr"),
    path("<int:pk>/affiche/", publiques.affiche, name="affiche"),
    path("<int:pk>-<slug:slug>/", publiques.petition, name="petition"),
    path("<int:pk>-<slug:slug>/facile/", publiques.facile, name="facile"),
]
