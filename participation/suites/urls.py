"""URLs of the suites: public page, answer of the directions, subscriptions, back office."""

from django.urls import URLPattern, path

from participation.socle.views.pages import routes
from participation.suites.models import Suite
from participation.suites.views import abonnements, bureau, publiques, reponses

app_name = "suites"
urlpatterns: list[URLPattern] = [
    path("rendu-compte/", publiques.rendu_compte, name="rendu_compte"),
    path("rendu-compte/chiffres/", publiques.chiffres, name="chiffres"),
    path("rendu-compte/suites.csv", publiques.donnees_csv, name="donnees_csv"),
    path("rendu-compte/suites.json", publiques.donnees_json, name="donnees_json"),
    path("rendu-compte/atom.xml", publiques.atom, name="atom"),
    # After « repondre » and « nouvelles » comes a secret, masked in the logs.
    path("suites/repondre/<jeton:jeton>/", reponses.repondre, name="repondre"),
    path("suivre/<int:pk>/", abonnements.suivre, name="suivre"),
    path("suivre/<int:pk>/demande/", abonnements.suivi_demande, name="suivi_demande"),
    path("nouvelles/<cle_secrete:cle>/confirmer/", abonnements.confirmer, name="confirmer"),
    path("nouvelles/<cle_secrete:cle>/arreter/", abonnements.arreter, name="arreter"),
    path("suites/", bureau.suites, name="suites"),
    path("suites/<int:pk>/", bureau.suite, name="suite"),
    *routes("suites/<int:pk>/", Suite, bureau.trouver, bureau.PAGES),
    *routes("suites/reponses/<int:pk>/", Suite, bureau.reponse_du_bureau, bureau.PAGES_DES_REPONSES),
]
