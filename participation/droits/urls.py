"""URLs of the rights of people: what anybody asks, the page of the signed link, the desk of agents."""

from django.urls import URLPattern, path

from participation.droits import inactifs, registre
from participation.droits.eliminations import actes as actes_eliminations
from participation.droits.eliminations import vues as eliminations
from participation.droits.models import Bordereau, DemandeDroit
from participation.droits.personnes import actes as actes_personnes
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
    *routes("droits/", DemandeDroit, DemandeDroit, actes_personnes),
    *routes("droits/<int:pk>/", DemandeDroit, demande_du_bureau, actes_personnes, inactifs),
    path("eliminations/", eliminations.bordereaux, name="bordereaux"),
    path("eliminations/<int:pk>/", eliminations.bordereau, name="bordereau"),
    *routes("eliminations/", Bordereau, Bordereau, actes_eliminations),
    *routes("eliminations/<int:pk>/", Bordereau, bordereau_du_bureau, actes_eliminations),
]
