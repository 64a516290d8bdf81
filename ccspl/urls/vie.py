"""The life of the instance: visits, trainings, library, report."""

from django.urls import URLPattern, path

from ccspl.models import DocumentBibliotheque, PriseDeNouvelles, RapportAnnuel
from ccspl.views import bibliotheque, rapport, vie
from participation.socle.views.pages import routes

urlpatterns: list[URLPattern] = [
    # For everybody, and for the members
    path("bibliotheque/", bibliotheque.bibliotheque, name="bibliotheque"),
    path("bibliotheque/membres/", bibliotheque.bibliotheque_des_membres, name="bibliotheque_des_membres"),
    path(
        "bibliotheque/<int:pk>/<int:numero>/", bibliotheque.fichier_bibliotheque, name="fichier_bibliotheque"
    ),
    # The back office
    path("vie/", vie.vie, name="vie"),
    path("vie/participation/", vie.participation, name="participation"),
    path("vie/membres/<int:pk>/", vie.suivi_membre, name="suivi_membre"),
    *routes("vie/membres/<int:pk>/", PriseDeNouvelles, vie.prise_de_nouvelles, vie.PAGES),
    path("vie/visites/", vie.visites, name="visites"),
    path("vie/bibliotheque/", bibliotheque.documents, name="documents_bibliotheque"),
    *routes(
        "vie/bibliotheque/",
        DocumentBibliotheque,
        lambda request: DocumentBibliotheque(),
        {"ajouter_document": bibliotheque.AJOUTER},
    ),
    path("vie/bibliotheque/<int:pk>/", bibliotheque.document, name="document_bibliotheque"),
    *routes(
        "vie/bibliotheque/<int:pk>/",
        DocumentBibliotheque,
        bibliotheque.document_bibliotheque,
        bibliotheque.PAGES,
    ),
    path("vie/rapport/", rapport.rapport_annuel, name="rapport_annuel"),
    *routes("vie/rapport/<int:annee>/", RapportAnnuel, rapport.rapport_de, rapport.PAGES),
]
