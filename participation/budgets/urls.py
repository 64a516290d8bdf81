"""URLs of the budgets, forums and votes, under `/contrat-de-ville/`: letters and posters hold them."""

from django.urls import URLPattern, URLResolver, include, path

from participation.budgets import cycle, trouver
from participation.budgets.forums import actes as actes_forums
from participation.budgets.forums import vues as forums
from participation.budgets.idees import actes as actes_idees
from participation.budgets.idees import depot, reunion
from participation.budgets.idees import vues as idees
from participation.budgets.models import Budget, Forum, Idee, ProjetQuartier, Scrutin, TraductionForum
from participation.budgets.projets import actes as actes_projets
from participation.budgets.projets import faisabilite, realisation
from participation.budgets.projets import vues as projets
from participation.budgets.public import donnees_ouvertes
from participation.budgets.public import vues as public
from participation.budgets.vote import codes, depouillement, scrutins, urne
from participation.budgets.vote import vues as vote
from participation.inscriptions import actes as inscriptions
from participation.inscriptions import vues as inscrits
from participation.socle.views import traductions
from participation.socle.views.pages import pages, routes

app_name = "budgets"
SIEN = {"modele": Forum}

# Public pages
PUBLIQUES: list[URLPattern] = [
    path("quartiers/", public.budgets_publics, name="budgets_publics"),
    path("quartiers/budget/<int:pk>/", public.budget_public, name="budget_public"),
    path("quartiers/budget/<int:pk>/idees/", public.idees_publiques, name="idees_publiques"),
    path("quartiers/budget/<int:pk>/carte/", public.carte_des_idees, name="carte_des_idees"),
    path("quartiers/budget/<int:pk>/proposer/", idees.proposer_idee, name="proposer_idee"),
    *(
        path(f"quartiers/budget/<int:pk>/<slug:quoi>.{forme}", vue, name=f"donnees_budget_{forme}")
        for forme, vue in donnees_ouvertes.VUES.items()
    ),
    path("quartiers/idees/<slug:reference>/", public.idee_publique, name="idee_publique"),
    path("quartiers/projets/<slug:reference>/", public.projet_quartier_public, name="projet_quartier_public"),
    path("quartiers/forums/<int:pk>/", public.forum_public, name="forum_public"),
    path(
        "quartiers/forums/<int:pk>/facile/",
        traductions.page_facile(trouver.forum_en_ligne),
        name="forum_facile",
    ),
    path("quartiers/forums/<int:pk>/recue/", inscrits.inscription_recue, SIEN, name="inscription_recue"),
    path("quartiers/forums/<int:pk>/s-inscrire/", inscrits.s_inscrire, SIEN, name="s_inscrire"),
]
# Signed links
LIENS: list[URLPattern] = [
    path("quartiers/idee-recue/<cle_secrete:cle>/", idees.idee_recue, name="idee_recue"),
    path("quartiers/suivre/<jeton:jeton>/", idees.suivre_idee, name="suivre_idee"),
    path("quartiers/confirmer/<jeton:jeton>/", idees.CONFIRMER.vue, name="confirmer_auteur"),
    path("quartiers/arreter/<jeton:jeton>/", idees.ARRETER.vue, name="arreter_lettres"),
    path("quartiers/etude/<jeton:jeton>/", projets.repondre_faisabilite, name="repondre_faisabilite"),
    path("quartiers/table/<jeton:jeton>/", forums.table_par_lien, name="table_par_lien"),
    path("quartiers/inscription/<jeton:jeton>/", inscrits.mon_inscription, SIEN, name="mon_inscription"),
    path(
        "quartiers/confirmer-inscription/<jeton:jeton>/",
        inscrits.confirmer(Forum).vue,
        name="confirmer_inscription",
    ),
]
# Back office
BUREAU: list[URLPattern] = [
    path("budgets/", cycle.budgets, name="budgets"),
    *routes("budgets/", Budget, trouver.nouveau_budget, pages(cycle.preparer_budget)),
    path("budgets/<int:pk>/", cycle.budget, name="budget"),
    *routes("budgets/<int:pk>/", Budget, trouver.budget_du_bureau, cycle, actes_projets),
    path("budgets/<int:pk>/idees/", idees.idees, name="idees"),
    *routes("budgets/<int:pk>/", Idee, trouver.nouvelle_idee, {"saisir_idee": depot.SAISIR_IDEE}),
    path("budgets/<int:pk>/projets/", projets.projets_quartier, name="projets_quartier"),
    *routes("phases/<int:pk>/", Budget, trouver.phase_du_bureau, cycle, sur="phase"),
    path("idees/<int:pk>/", idees.idee, name="idee"),
    *routes("idees/<int:pk>/", Idee, trouver.idee_du_bureau, actes_idees, reunion),
    path("projets-des-quartiers/<int:pk>/", projets.projet_quartier, name="projet_quartier"),
    *routes(
        "projets-des-quartiers/<int:pk>/",
        ProjetQuartier,
        trouver.projet_du_bureau,
        actes_projets,
        faisabilite,
        realisation,
    ),
    *routes("etapes/<int:pk>/", ProjetQuartier, trouver.jalon_du_bureau, realisation, sur="jalonprojet"),
    path("forums/", forums.forums, name="forums"),
    *routes("forums/", Forum, trouver.nouveau_forum, pages(actes_forums.preparer_forum)),
    path("forums/<int:pk>/", forums.forum, name="forum"),
    *routes(
        "forums/<int:pk>/", Forum, trouver.forum_du_bureau, actes_forums, inscriptions, traductions.PAGES
    ),
    *routes(
        "forums/traductions/<int:pk>/",
        Forum,
        traductions.traduction_du_bureau(TraductionForum, trouver.forum_du_bureau),
        traductions.PAGES_DES_TRADUCTIONS,
    ),
    path(
        "forums/<int:pk>/langues/",
        traductions.page_des_langues(trouver.forum_du_bureau),
        name="langues_du_forum",
    ),
    path("forums/<int:pk>/accueil/", inscrits.accueil, SIEN, name="accueil"),
    path("forums/places/<int:pk>/papier/", inscrits.place_sur_papier, SIEN, name="place_sur_papier"),
    *routes("tables/<int:pk>/", Forum, trouver.table_du_bureau, actes_forums, sur="tableforum"),
    path("tables/<int:pk>/recolter/", forums.recolter_table, name="recolter_table"),
    *routes("remarques/<int:pk>/", Forum, trouver.note_du_bureau, actes_forums, sur="notedetable"),
    *routes(
        "inscriptions/<int:pk>/", Forum, trouver.inscription_du_bureau, inscriptions, sur="inscriptionforum"
    ),
]
# Votes
PUBLIQUES_DU_VOTE: list[URLPattern] = [
    path("<int:pk>/voter/", vote.voter, name="voter"),
    path("<int:pk>/", vote.scrutin_public, name="scrutin_public"),
    path("<int:pk>/vote/", vote.a_vote, name="a_vote"),
    path("<int:pk>/recu/", vote.lire_mon_recu, name="lire_mon_recu"),
    path("<int:pk>/recu/garder/", vote.garder_recu, name="garder_recu"),
    path("<int:pk>/bulletins.pb", vote.bulletins_pb, name="bulletins_pb"),
    path("rejouer.py", vote.rejouer_py, name="rejouer_py"),
]
BUREAU_DU_VOTE: list[URLPattern] = [
    *routes("budgets/<int:pk>/", Scrutin, scrutins.scrutin_a_preparer, pages(scrutins.preparer_scrutin)),
    path("votes/<int:pk>/", vote.scrutin, name="scrutin"),
    path("votes/<int:pk>/progres/", vote.suivre_depouillement, name="suivre_depouillement"),
    *routes("votes/<int:pk>/", Scrutin, trouver.scrutin_du_bureau, scrutins, codes, urne, depouillement),
    path("codes/<int:pk>/feuilles.pdf", vote.imprimer_codes, name="imprimer_codes"),
    *routes("codes/<int:pk>/", Scrutin, trouver.lot_du_bureau, codes, sur="lotdecodes"),
    *routes("papiers/<int:pk>/", Scrutin, trouver.papier_du_bureau, urne, sur="bulletinpapier"),
    *routes(
        "incompatibilites/<int:pk>/",
        Scrutin,
        trouver.incompatibilite_du_bureau,
        scrutins,
        sur="incompatibilite",
    ),
    *routes("ecarts/<int:pk>/", Scrutin, trouver.derogation_du_bureau, depouillement, sur="derogation"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    # First, so that the request of a ballot tries few patterns.
    path("vote/", include(PUBLIQUES_DU_VOTE)),
    *PUBLIQUES,
    *LIENS,
    *BUREAU,
    *BUREAU_DU_VOTE,
]
