"""URLs of the votes, under `/contrat-de-ville/`."""

from django.urls import URLPattern, path

from contrat_ville.models import Scrutin
from contrat_ville.views.vote import actes, bureau, publiques, voter
from participation.socle.views.pages import routes

# Public pages
PUBLIQUES: list[URLPattern] = [
    path("<int:pk>/voter/", voter.voter, name="voter"),
    path("<int:pk>/", publiques.scrutin_public, name="scrutin_public"),
    path("<int:pk>/vote/", voter.a_vote, name="a_vote"),
    path("<int:pk>/recu/", voter.lire_mon_recu, name="lire_mon_recu"),
    path("<int:pk>/recu/garder/", voter.garder_recu, name="garder_recu"),
    path("<int:pk>/bulletins.pb", publiques.bulletins_pb, name="bulletins_pb"),
    path("rejouer.py", publiques.rejouer_py, name="rejouer_py"),
]
BUREAU: list[URLPattern] = [
    *routes("budgets/<int:pk>/", Scrutin, actes.nouveau_scrutin, actes.NOUVEAU),
    path("votes/<int:pk>/", bureau.scrutin, name="scrutin"),
    path("votes/<int:pk>/progres/", bureau.suivre_depouillement, name="suivre_depouillement"),
    *routes("votes/<int:pk>/", Scrutin, actes.scrutin_du_bureau, actes.DU_SCRUTIN),
    path("codes/<int:pk>/feuilles.pdf", bureau.feuilles_de_codes, name="feuilles_de_codes"),
    *routes("codes/<int:pk>/", Scrutin, actes.lot_du_bureau, actes.DES_LOTS),
    *routes("papiers/<int:pk>/", Scrutin, actes.papier_du_bureau, actes.DES_PAPIERS),
    *routes(
        "incompatibilites/<int:pk>/", Scrutin, actes.incompatibilite_du_bureau, actes.DES_INCOMPATIBILITES
    ),
    *routes("ecarts/<int:pk>/", Scrutin, actes.derogation_du_bureau, actes.DES_DEROGATIONS),
]
