"""The life of the instance: visits, trainings, library, report."""

from django.urls import URLPattern, path

from ccspl.views import bibliotheque, rapport, vie

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
    path(
        "vie/membres/<int:pk>/prendre-des-nouvelles/", vie.prendre_des_nouvelles, name="prendre_des_nouvelles"
    ),
    path("vie/visites/", vie.visites, name="visites"),
    path("vie/bibliotheque/", bibliotheque.documents, name="documents_bibliotheque"),
    path("vie/bibliotheque/ajouter/", bibliotheque.ajouter_document, name="ajouter_document"),
    path("vie/bibliotheque/<int:pk>/", bibliotheque.document, name="document_bibliotheque"),
    path("vie/bibliotheque/<int:pk>/modifier/", bibliotheque.modifier_document, name="modifier_document"),
    path("vie/bibliotheque/<int:pk>/remplacer/", bibliotheque.remplacer_document, name="remplacer_document"),
    path("vie/bibliotheque/<int:pk>/retirer/", bibliotheque.retirer_document, name="retirer_document"),
    path("vie/rapport/", rapport.rapport_annuel, name="rapport_annuel"),
    path("vie/rapport/<int:annee>/rediger/", rapport.rediger_rapport, name="rediger_rapport"),
    path("vie/rapport/<int:annee>/preparer/", rapport.preparer_rapport, name="preparer_rapport"),
    path("vie/rapport/<int:annee>/arreter/", rapport.arreter_rapport, name="arreter_rapport"),
    path("vie/rapport/<int:annee>/publier/", rapport.publier_rapport, name="publier_rapport"),
]
