"""URLs of the inter-quartier budgets and of the forums, under `/contrat-de-ville/`."""

from django.urls import URLPattern, path

from contrat_ville.models import Budget, Forum, Idee, ProjetQuartier
from contrat_ville.views.inter_quartiers import (
    actes,
    actes_forums,
    bureau,
    bureau_forums,
    donnees,
    inscriptions,
    liens,
    proposer,
    publiques,
    trouver,
)
from participation.socle.views.pages import routes

# Public pages
PUBLIQUES: list[URLPattern] = [
    path("quartiers/", publiques.budgets_publics, name="budgets_publics"),
    path("quartiers/budget/<int:pk>/", publiques.budget_public, name="budget_public"),
    path("quartiers/budget/<int:pk>/idees/", publiques.idees_publiques, name="idees_publiques"),
    path("quartiers/budget/<int:pk>/carte/", publiques.carte_des_idees, name="carte_des_idees"),
    path("quartiers/budget/<int:pk>/proposer/", proposer.proposer_idee, name="proposer_idee"),
    path("quartiers/budget/<int:pk>/<slug:quoi>.csv", donnees.donnees_csv, name="donnees_budget_csv"),
    path("quartiers/budget/<int:pk>/<slug:quoi>.json", donnees.donnees_json, name="donnees_budget_json"),
    path("quartiers/idees/<slug:reference>/", publiques.idee_publique, name="idee_publique"),
    path(
        "quartiers/projets/<slug:reference>/", publiques.projet_quartier_public, name="projet_quartier_public"
    ),
    path("quartiers/forums/<int:pk>/", publiques.forum_public, name="forum_public"),
    path("quartiers/forums/<int:pk>/s-inscrire/", inscriptions.s_inscrire, name="s_inscrire"),
]
# Signed links
LIENS: list[URLPattern] = [
    path("quartiers/idee-recue/<cle_secrete:cle>/", proposer.idee_recue, name="idee_recue"),
    path("quartiers/suivre/<jeton:jeton>/", proposer.suivre_idee, name="suivre_idee"),
    path("quartiers/confirmer/<jeton:jeton>/", proposer.confirmer_auteur, name="confirmer_auteur"),
    path("quartiers/arreter/<jeton:jeton>/", proposer.arreter_lettres, name="arreter_lettres"),
    path("quartiers/etude/<jeton:jeton>/", liens.repondre_faisabilite, name="repondre_faisabilite"),
    path("quartiers/table/<jeton:jeton>/", liens.table_par_lien, name="table_par_lien"),
    path("quartiers/inscription/<jeton:jeton>/", inscriptions.mon_inscription, name="mon_inscription"),
    path(
        "quartiers/confirmer-inscription/<jeton:jeton>/",
        inscriptions.confirmer_inscription,
        name="confirmer_inscription",
    ),
    path(
        "quartiers/inscription-recue/<cle_secrete:cle>/",
        inscriptions.inscription_recue,
        name="inscription_recue",
    ),
]
# Back office
BUREAU: list[URLPattern] = [
    path("budgets/", bureau.budgets, name="budgets"),
    *routes("budgets/", Budget, trouver.nouveau_budget, {"preparer_budget": actes.PREPARER_BUDGET}),
    path("budgets/<int:pk>/", bureau.budget, name="budget"),
    *routes("budgets/<int:pk>/", Budget, trouver.budget_du_bureau, actes.DU_BUDGET),
    path("budgets/<int:pk>/idees/", bureau.idees, name="idees"),
    *routes("budgets/<int:pk>/", Idee, trouver.nouvelle_idee, {"saisir_idee": actes.SAISIR_IDEE}),
    path("budgets/<int:pk>/projets/", bureau.projets_quartier, name="projets_quartier"),
    *routes("phases/<int:pk>/", Budget, trouver.phase_du_bureau, actes.DE_LA_PHASE),
    path("idees/<int:pk>/", bureau.idee, name="idee"),
    *routes("idees/<int:pk>/", Idee, trouver.idee_du_bureau, actes.DE_L_IDEE),
    path("projets-des-quartiers/<int:pk>/", bureau.projet_quartier, name="projet_quartier"),
    *routes("projets-des-quartiers/<int:pk>/", ProjetQuartier, trouver.projet_du_bureau, actes.DU_PROJET),
    *routes("etapes/<int:pk>/", ProjetQuartier, trouver.jalon_du_bureau, actes.DES_JALONS),
    path("forums/", bureau_forums.forums, name="forums"),
    *routes("forums/", Forum, trouver.nouveau_forum, {"preparer_forum": actes_forums.PREPARER_FORUM}),
    path("forums/<int:pk>/", bureau_forums.forum, name="forum"),
    *routes("forums/<int:pk>/", Forum, trouver.forum_du_bureau, actes_forums.DU_FORUM),
    *routes("forums/<int:pk>/", Forum, trouver.nouvelle_inscription, actes_forums.INSCRIRE),
    path("forums/<int:pk>/accueil/", bureau_forums.bureau_du_forum, name="bureau_du_forum"),
    *routes("tables/<int:pk>/", Forum, trouver.table_du_bureau, actes_forums.DES_TABLES),
    path("tables/<int:pk>/recolter/", liens.recolter_table, name="recolter_table"),
    *routes("remarques/<int:pk>/", Forum, trouver.note_du_bureau, actes_forums.DES_NOTES),
    *routes("inscriptions/<int:pk>/", Forum, trouver.inscription_du_bureau, actes_forums.DES_INSCRITS),
]
urlpatterns: list[URLPattern] = [*PUBLIQUES, *LIENS, *BUREAU]
