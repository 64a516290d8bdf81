"""URLs of the Contrat de Ville."""

from django.urls import URLPattern, path

from contrat_ville import trouver
from contrat_ville.bilan import accompagnement, comptes, conventions, evaluation, fiches, indicateurs
from contrat_ville.bilan import actes as bilan
from contrat_ville.cadre import actes as actes_cadre
from contrat_ville.cadre import programmations
from contrat_ville.cadre import vues as cadre
from contrat_ville.comites import deliberation
from contrat_ville.comites import vues as comites
from contrat_ville.comites.scenarios import actes as actes_scenarios
from contrat_ville.comites.scenarios import adoption
from contrat_ville.comites.scenarios import vues as scenarios
from contrat_ville.dauphin import vues as dauphin
from contrat_ville.depot import equipe
from contrat_ville.depot import vues as depot
from contrat_ville.depot.actes import retirer
from contrat_ville.instruction import echanges
from contrat_ville.instruction import vues as instruction
from contrat_ville.instruction.actes import declarer_irrecevable, declarer_recevable
from contrat_ville.models import GroupeDiscussion, Partenaire, Programmation, Projet, SuiviQuartier, TypePiece
from contrat_ville.notification import recours, subventions
from contrat_ville.notification import vues as notification
from contrat_ville.porteurs import actes as porteurs
from contrat_ville.porteurs import conservation
from contrat_ville.projets import espace, suites
from contrat_ville.projets import vues as projets
from contrat_ville.quartiers import actes as actes_quartiers
from contrat_ville.quartiers import groupes
from contrat_ville.quartiers import vues as quartiers
from contrat_ville.reseau import actes as actes_reseau
from contrat_ville.reseau import vues as reseau
from participation.socle.views.pages import pages, routes

app_name = "contrat_ville"
urlpatterns: list[URLPattern] = [
    # Public pages
    path("", programmations.appels, name="appels"),
    path("appel/<int:annee>/", programmations.appel, name="appel"),
    path("soutenus/", fiches.soutenus, name="soutenus"),
    path("soutenus/<str:reference>/", fiches.fiche, name="fiche"),
    # Team of a projet
    path("mes-projets/", espace.mes_projets, name="mes_projets"),
    path("mes-projets/<int:pk>/", espace.mon_projet, name="mon_projet"),
    path("mes-projets/commencer/<int:annee>/", depot.commencer, name="commencer"),
    path("mes-projets/<int:pk>/reprendre/", depot.reprendre, name="reprendre_ecriture"),
    path("mes-projets/<int:pk>/rediger/<slug:etape>/", depot.rediger, name="rediger"),
    *routes("mes-projets/<int:pk>/", Projet, trouver.projet_de_l_equipe, pages(retirer), depot.DE_L_EQUIPE),
    *routes("mes-projets/equipe/<int:pk>/", Projet, depot.equipier_de, equipe, sur="equipier"),
    *routes("mes-projets/<int:pk>/", Projet, trouver.projet_de_l_equipe, instruction.DE_L_EQUIPE),
    path("mes-projets/<int:pk>/ecrire-message/", instruction.ecrire_au_service, name="ecrire_au_service"),
    *routes(
        "mes-projets/commentaires/<int:pk>/",
        Projet,
        instruction.commentaire_de_l_equipe,
        instruction.DES_COMMENTAIRES_DE_L_EQUIPE,
    ),
    *routes(
        "mes-projets/<int:pk>/",
        Projet,
        trouver.projet_de_l_equipe,
        pages(accompagnement.demander_aide, bilan.rendre_bilan),
    ),
    # Partners asked for an opinion
    path("avis/<jeton:jeton>/", instruction.rendre_avis, name="rendre_avis"),
    # Back office
    path("projets/", projets.projets, name="projets"),
    path("projets/<int:pk>/", projets.projet, name="projet"),
    *routes(
        "projets/<int:pk>/",
        Projet,
        trouver.projet_du_bureau,
        pages(declarer_recevable, declarer_irrecevable),
        depot.DU_BUREAU,
        instruction.DU_PROJET,
    ),
    *routes(
        "commentaires/<int:pk>/", Projet, instruction.commentaire_du_bureau, instruction.DES_COMMENTAIRES
    ),
    *routes("messages/<int:pk>/", Projet, instruction.message_du_bureau, echanges, sur="messageprojet"),
    *routes(
        "projets/<int:pk>/",
        Projet,
        trouver.projet_du_bureau,
        pages(
            accompagnement.demarrer,
            accompagnement.noter_accompagnement,
            bilan.attendre_bilan,
            bilan.demander_bilan,
            bilan.saisir_bilan,
            bilan.renvoyer_bilan,
            bilan.clore,
        ),
        conventions,
        fiches,
        porteurs,
        comptes,
    ),
    *routes("reversements/<int:pk>/", Projet, comptes.reversement_du_bureau, comptes, sur="reversement"),
    *routes("projets/<int:pk>/", Projet, trouver.projet_du_bureau, suites),
    *routes("versements/<int:pk>/", Projet, conventions.versement_du_bureau, conventions, sur="versement"),
    *routes(
        "accompagnement/<int:pk>/",
        Projet,
        accompagnement.ligne_du_bureau,
        accompagnement,
        sur="accompagnement",
    ),
    # Comités
    *routes("recours/<int:pk>/", Projet, recours.recours_du_bureau, recours, sur="recours"),
    path(
        "programmations/<int:pk>/deliberation.xlsx", deliberation.deliberation_xlsx, name="deliberation_xlsx"
    ),
    *routes("programmations/<int:pk>/", Programmation, trouver.programmation_du_bureau, deliberation),
    *routes("projets/<int:pk>/", Projet, trouver.projet_du_bureau, comites.PAGES),
    path("comites/seances/<int:pk>/dossiers/", comites.dossiers, name="dossiers_du_comite"),
    path("comites/<slug:cle>/", comites.preparer_comite, name="preparer_comite"),
    path("programmations/<int:pk>/scenarios/", scenarios.comparer, name="scenarios"),
    *routes(
        "programmations/<int:pk>/", Programmation, trouver.programmation_du_bureau, actes_scenarios, adoption
    ),
    path("a-notifier/", notification.a_notifier, name="a_notifier"),
    path("lettres/<int:pk>/", notification.lettre_signee, name="lettre_signee"),
    path("scenarios/<int:pk>/", scenarios.scenario, name="scenario"),
    path("scenarios/<int:pk>/etat/", scenarios.scenario_etat, name="scenario_etat"),
    path("scenarios/<int:pk>/changer/", scenarios.changer_scenario, name="changer_scenario"),
    *routes(
        "scenarios/<int:pk>/",
        Programmation,
        scenarios.trouver_scenario,
        actes_scenarios,
        adoption,
        sur="scenario",
    ),
    path("programmations/", programmations.programmations, name="programmations"),
    *routes("programmations/", Programmation, Programmation, programmations),
    path("programmations/<int:pk>/", programmations.programmation, name="programmation"),
    *routes(
        "programmations/<int:pk>/",
        Programmation,
        trouver.programmation_du_bureau,
        programmations,
        conservation,
        actes_cadre,
    ),
    *routes("criteres/<int:pk>/", Programmation, cadre.critere, actes_cadre, sur="critere"),
    *routes("enveloppes/<int:pk>/", Programmation, cadre.enveloppe, actes_cadre, sur="enveloppe"),
    path("partenaires/", cadre.partenaires, name="partenaires"),
    *routes("partenaires/", Partenaire, Partenaire, actes_cadre),
    path("partenaires/<int:pk>/", cadre.partenaire, name="partenaire"),
    *routes("partenaires/<int:pk>/", Partenaire, cadre.trouver_partenaire, actes_cadre),
    path("pieces-demandees/", cadre.types_piece, name="types_piece"),
    *routes("pieces-demandees/", TypePiece, TypePiece, actes_cadre),
    path("pieces-demandees/<int:pk>/", cadre.type_piece, name="type_piece"),
    *routes("pieces-demandees/<int:pk>/", TypePiece, cadre.trouver_type_piece, actes_cadre),
    # Imports from Dauphin, open data on subsidies
    path("dauphin/", dauphin.imports_dauphin, name="imports_dauphin"),
    path("dauphin/<int:pk>/", dauphin.import_dauphin, name="import_dauphin"),
    path(
        "dauphin/<int:pk>/correspondances/", dauphin.correspondances_dauphin, name="correspondances_dauphin"
    ),
    path("dauphin/<int:pk>/dossiers/<int:dossier>/", dauphin.dossier_importe, name="dossier_importe"),
    path("dauphin/<int:pk>/lignes-refusees.csv", dauphin.lignes_refusees, name="lignes_refusees"),
    path("dauphin/<int:pk>/rapport.csv", dauphin.rapport_dauphin, name="rapport_dauphin"),
    path("dauphin/export/<int:annee>/", dauphin.exporter_dauphin, name="exporter_dauphin"),
    path("subventions/", subventions.subventions, name="subventions"),
    path("subventions/subventions.csv", subventions.subventions_csv, name="subventions_csv"),
    path("subventions/subventions.json", subventions.subventions_json, name="subventions_json"),
    # Follow-up of the quartiers
    # Public page
    path("groupes/<slug:reference>/", groupes.groupe_public, name="groupe_public"),
    # Back office
    path("suivi-des-quartiers/", quartiers.quartiers_suivis, name="quartiers_suivis"),
    path("suivi-des-quartiers/<int:pk>/", quartiers.quartier_suivi, name="quartier_suivi"),
    *routes("suivi-des-quartiers/<int:pk>/", SuiviQuartier, quartiers.trouver_quartier, actes_quartiers),
    *routes("suivi-des-quartiers/<int:pk>/", GroupeDiscussion, groupes.nouveau_groupe, groupes.NOUVEAU),
    *routes(
        "reunions-de-quartier/<int:pk>/",
        SuiviQuartier,
        quartiers.trouver_reunion,
        actes_quartiers,
        sur="reunionquartier",
    ),
    path("observations/<int:pk>/photo/", quartiers.photo_observation, name="photo_observation"),
    *routes(
        "observations/<int:pk>/",
        SuiviQuartier,
        quartiers.trouver_observation,
        actes_quartiers,
        sur="observationquartier",
    ),
    path("groupes-de-discussion/<int:pk>/", groupes.groupe, name="groupe"),
    *routes("groupes-de-discussion/<int:pk>/", GroupeDiscussion, groupes.trouver_groupe, groupes),
    *routes(
        "participants/<int:pk>/",
        GroupeDiscussion,
        groupes.trouver_participant,
        groupes,
        sur="participantgroupe",
    ),
    *routes("paroles/<int:pk>/", GroupeDiscussion, groupes.trouver_parole, groupes, sur="parole"),
    # Suites of any dossier of the Contrat de Ville
    *routes("suites/<int:pk>/", GroupeDiscussion, suites.voix_du_bureau, suites.DES_SUITES),
    # Evaluation and indicators of a programmation, network of projets
    path("programmations/<int:pk>/evaluation/", evaluation.evaluation, name="evaluation"),
    path(
        "programmations/<int:pk>/indicateurs/",
        indicateurs.indicateurs_programmation,
        name="indicateurs_programmation",
    ),
    *routes("mes-projets/<int:pk>/", Projet, trouver.projet_de_l_equipe, indicateurs),
    *routes("programmations/<int:pk>/", Programmation, trouver.programmation_du_bureau, indicateurs),
    *routes("indicateurs/<int:pk>/", Programmation, indicateurs.indicateur, indicateurs, sur="indicateur"),
    path("reseau/", reseau.reseau, name="reseau"),
    path("mes-projets/<int:pk>/reseau/", reseau.mon_reseau, name="mon_reseau"),
    *routes("mes-projets/<int:pk>/", Projet, trouver.projet_de_l_equipe, actes_reseau),
    *routes("reseau/voisins/<int:pk>/", Projet, reseau.voisin_du_bureau, reseau.DU_BUREAU),
    *routes("mes-projets/voisins/<int:pk>/", Projet, reseau.voisin_de_l_equipe, reseau.DES_VOISINS),
]
