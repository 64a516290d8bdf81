"""URLs of the inclusion: who takes part, for all and for agents; aller-vers; needs."""

from django.urls import URLPattern, path

from participation.inclusion import aller_vers, besoins
from participation.inclusion.models import ActionAllerVers, CommandeDeBesoin, LotPapier
from participation.inclusion.papier import actes as actes_papier
from participation.inclusion.papier import vues as papier
from participation.inclusion.profils import vues as profils
from participation.inclusion.trouver import action_du_bureau, commande_du_bureau, lot_du_bureau
from participation.socle.views.pages import routes

app_name = "inclusion"
urlpatterns: list[URLPattern] = [
    # Public
    path("qui-participe/", profils.qui_participe, name="qui_participe"),
    path("qui-participe/repondre/", profils.repondre, name="repondre"),
    path("papier/<slug:genre>/<int:cible>/", papier.sur_papier, name="sur_papier"),
    path("commande/<jeton:jeton>/", besoins.ma_commande, name="ma_commande"),
    # Agents
    path("inclusion/", profils.publics, name="publics"),
    path("inclusion/<int:annee>/<slug:nature>/<int:numero>/", profils.publics_de, name="publics_de"),
    path("inclusion/besoins/", besoins.besoins, name="besoins"),
    path("inclusion/besoins/<int:pk>/", besoins.commande, name="commande"),
    path("inclusion/aller-vers/", aller_vers.liste_aller_vers, name="liste_aller_vers"),
    path("inclusion/aller-vers/<int:pk>/", aller_vers.aller_vers, name="aller_vers"),
    path("inclusion/papier/", papier.lots, name="lots"),
    path("inclusion/papier/modeles/<slug:genre>/<int:cible>/", papier.modele, name="modele_de_lot"),
    path("inclusion/papier/imprimer/<slug:genre>/<int:cible>/", papier.imprimer, name="imprimer_formulaire"),
    path("inclusion/papier/<int:pk>/", papier.lot, name="lot"),
    path("inclusion/papier/<int:pk>/rejets/", papier.rejets, name="rejets_du_lot"),
    *routes("inclusion/besoins/", CommandeDeBesoin, CommandeDeBesoin, besoins),
    *routes("inclusion/besoins/<int:pk>/", CommandeDeBesoin, commande_du_bureau, besoins),
    *routes("inclusion/papier/", LotPapier, LotPapier, actes_papier),
    *routes("inclusion/papier/<int:pk>/", LotPapier, lot_du_bureau, actes_papier),
    *routes("inclusion/", ActionAllerVers, ActionAllerVers, aller_vers),
    *routes("inclusion/aller-vers/<int:pk>/", ActionAllerVers, action_du_bureau, aller_vers),
]
