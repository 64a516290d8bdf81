"""URLs of the votes, under `/contrat-de-ville/`."""

from django.urls import URLPattern, path

from participation.budgets import trouver
from participation.budgets.models import Scrutin
from participation.budgets.vote import pages
from participation.budgets.vote import vues as vote
from participation.socle.views.pages import routes

# Public pages
PUBLIQUES: list[URLPattern] = [
    path("<int:pk>/voter/", vote.voter, name="voter"),
    path("<int:pk>/", vote.scrutin_public, name="scrutin_public"),
    path("<int:pk>/vote/", vote.a_vote, name="a_vote"),
    path("<int:pk>/recu/", vote.lire_mon_recu, name="lire_mon_recu"),
    path("<int:pk>/recu/garder/", vote.garder_recu, name="garder_recu"),
    path("<int:pk>/bulletins.pb", vote.bulletins_pb, name="bulletins_pb"),
    path("rejouer.py", vote.rejouer_py, name="rejouer_py"),
]
BUREAU: list[URLPattern] = [
    *routes("budgets/<int:pk>/", Scrutin, pages.nouveau_scrutin, pages.NOUVEAU),
    path("votes/<int:pk>/", vote.scrutin, name="scrutin"),
    path("votes/<int:pk>/progres/", vote.suivre_depouillement, name="suivre_depouillement"),
    *routes("votes/<int:pk>/", Scrutin, trouver.scrutin_du_bureau, pages.DU_SCRUTIN),
    path("codes/<int:pk>/feuilles.pdf", vote.feuilles_de_codes, name="feuilles_de_codes"),
    *routes("codes/<int:pk>/", Scrutin, trouver.lot_du_bureau, pages.DES_LOTS),
    *routes("papiers/<int:pk>/", Scrutin, trouver.papier_du_bureau, pages.DES_PAPIERS),
    *routes(
        "incompatibilites/<int:pk>/", Scrutin, trouver.incompatibilite_du_bureau, pages.DES_INCOMPATIBILITES
    ),
    *routes("ecarts/<int:pk>/", Scrutin, trouver.derogation_du_bureau, pages.DES_DEROGATIONS),
]
