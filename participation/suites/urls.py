"""URLs of the suites: public page, answer of the directions, subscriptions, back office."""

from django.urls import URLPattern, path

from participation.socle.views.pages import routes
from participation.suites import abonnements, reponses, suspensions, trouver, verdicts, vues
from participation.suites.models import Suite
from participation.suites.rendu_compte import vues as rendu_compte

app_name = "suites"
urlpatterns: list[URLPattern] = [
    path("rendu-compte/", rendu_compte.rendu_compte, name="rendu_compte"),
    path("rendu-compte/chiffres/", rendu_compte.chiffres, name="chiffres"),
    path("rendu-compte/suites.csv", rendu_compte.donnees_csv, name="donnees_csv"),
    path("rendu-compte/suites.json", rendu_compte.donnees_json, name="donnees_json"),
    path("rendu-compte/atom.xml", rendu_compte.atom, name="atom"),
    # After « repondre », « verdict » and « nouvelles » comes a secret, masked in the logs.
    path("suites/repondre/<jeton:jeton>/", reponses.repondre, name="repondre"),
    path("suites/verdict/<jeton:jeton>/", verdicts.page_pour_juger, name="juger"),
    path("suivre/<int:pk>/", abonnements.page_pour_suivre, name="suivre"),
    path("suivre/<int:pk>/demande/", abonnements.suivi_demande, name="suivi_demande"),
    path("nouvelles/<cle_secrete:cle>/confirmer/", abonnements.CONFIRMER.vue, name="confirmer"),
    path("nouvelles/<cle_secrete:cle>/arreter/", abonnements.ARRETER.vue, name="arreter"),
    path("suites/", vues.suites, name="suites"),
    path("suites/attendu/", vues.attendu, name="attendu"),
    path("suites/rapports/", rendu_compte.rapports, name="rapports"),
    path("suites/<int:pk>/", vues.suite, name="suite"),
    path("suites/verdicts/codes/<int:pk>/", verdicts.code_sur_papier, name="code_sur_papier"),
    *routes("suites/<int:pk>/", Suite, trouver.suite_du_bureau, vues.PAGES),
    *routes("suites/reponses/<int:pk>/", Suite, trouver.reponse_du_bureau, reponses, sur="reponsedirection"),
    *routes("suites/arrets/<int:pk>/", Suite, trouver.arret_du_bureau, suspensions, sur="suspensionsuite"),
    *routes("suites/verdicts/<int:pk>/", Suite, trouver.verdict_du_bureau, verdicts, sur="verdict"),
]
