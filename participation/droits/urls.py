"""URLs of the rights of people: what anybody asks, the page of the signed link, the desk of agents."""

from django.urls import URLPattern, path

from participation.droits import registre
from participation.droits.eliminations import vues as eliminations
from participation.droits.models import Bordereau, DemandeDroit
from participation.droits.pages import NOUVEAU, NOUVELLE, PAGES, PAGES_DES_BORDEREAUX
from participation.droits.personnes import vues as personnes
from participation.droits.trouver import bordereau_du_bureau, demande_du_bureau
from participation.socle.views.pages import routes

app_name = "droits"
urlpatterns: list[URLPattern] = [
    # Public
    path("vos-droits/", personnes.vos_droits, name="vos_droits"),
    path("vos-droits/demandee/", personnes.demandee, name="demandee"),
    path("vos-droits/<jeton:jeton>/", personnes.MA_DEMANDE.vue, name="ma_demande"),
    path("vos-droits/<jeton:jeton>/copie.zip", personnes.ma_copie, name="ma_copie"),
    path("eliminations/visa/<jeton:jeton>/", eliminations.viser_par_lien, name="viser_par_lien"),
    path("eliminations/visa/<jeton:jeton>/bordereau.pdf", eliminations.pdf_par_lien, name="pdf_par_lien"),
    path("donnees-personnelles/registre.csv", registre.donnees_csv, name="registre_csv"),
    path("donnees-personnelles/registre.json", registre.donnees_json, name="registre_json"),
    # Agents
    path("droits/", personnes.demandes, name="demandes"),
    path("droits/<int:pk>/", personnes.demande, name="demande"),
    path("droits/<int:pk>/copie.zip", personnes.remettre_copie, name="remettre_copie"),
    *routes("droits/", DemandeDroit, DemandeDroit, NOUVELLE),
    *routes("droits/<int:pk>/", DemandeDroit, demande_du_bureau, PAGES),
    path("eliminations/", eliminations.bordereaux, name="bordereaux"),
    path("eliminations/<int:pk>/", eliminations.bordereau, name="bordereau"),
    *routes("eliminations/", Bordereau, Bordereau, NOUVEAU),
    *routes("eliminations/<int:pk>/", Bordereau, bordereau_du_bureau, PAGES_DES_BORDEREAUX),
]
