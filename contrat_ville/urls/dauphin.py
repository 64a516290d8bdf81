"""URLs of the imports from Dauphin and of the open data on subsidies."""

from django.urls import path

from contrat_ville.dauphin import vues as dauphin
from contrat_ville.subventions import vues as subventions

urlpatterns = [
    path("dauphin/", dauphin.imports_dauphin, name="imports_dauphin"),
    path("dauphin/<int:pk>/", dauphin.import_dauphin, name="import_dauphin"),
    path(
        "dauphin/<int:pk>/correspondances/", dauphin.correspondances_dauphin, name="correspondances_dauphin"
    ),
    path("dauphin/<int:pk>/dossiers/<int:dossier>/", dauphin.dossier_importe, name="dossier_importe"),
    path("dauphin/<int:pk>/lignes-refusees.csv", dauphin.lignes_refusees, name="lignes_refusees"),
    path("dauphin/<int:pk>/rapport.csv", dauphin.rapport_dauphin, name="rapport_dauphin"),
    path("dauphin/export/<int:annee>/", dauphin.exporter_dauphin, name="exporter_dauphin"),
    path("subventions/", subventions.subventions, name="subventions"),
    path("subventions/subventions.csv", subventions.subventions_csv, name="subventions_csv"),
    path("subventions/subventions.json", subventions.subventions_json, name="subventions_json"),
]
