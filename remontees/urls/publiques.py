"""URLs of the public pages, of the office map and of the Open311 keys, under `/remontees/`."""

from django.urls import URLPattern, path

from remontees.open311 import vues as clients_open311
from remontees.sujets import vues as publiques

urlpatterns: list[URLPattern] = [
    path("", publiques.vous_l_avez_dit, name="vous_l_avez_dit"),
    path("vous-l-avez-dit/chiffres/", publiques.chiffres, name="chiffres"),
    path("vous-l-avez-dit/sujets.csv", publiques.donnees_csv, name="donnees_csv"),
    path("vous-l-avez-dit/sujets.json", publiques.donnees_json, name="donnees_json"),
    path("vous-l-avez-dit/atom.xml", publiques.atom, name="atom"),
    path("vous-l-avez-dit/carte/", publiques.carte_publique, name="carte_publique"),
    path("carte/", publiques.carte_du_bureau, name="carte_du_bureau"),
    path("vous-l-avez-dit/<slug:reference>/", publiques.sujet_public, name="sujet_public"),
    path("vous-l-avez-dit/<slug:reference>/image.png", publiques.image_du_sujet, name="image_du_sujet"),
    path("open311/", clients_open311.clients, name="clients_open311"),
    path("open311/<int:pk>/retirer/", clients_open311.retirer_client, name="retirer_client_open311"),
]
