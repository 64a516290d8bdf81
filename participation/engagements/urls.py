"""URLs of engagements, propositions and answers: for all, then for agents."""

from django.urls import URLPattern, path

from participation.engagements import deliberations, etudes, pages, reponses, reprises, trouver
from participation.engagements.models import EngagementPris, Etude, Proposition, ReponseArgumentee, TempsFort
from participation.engagements.promesses import vues as promesses
from participation.engagements.propositions import vues as propositions
from participation.engagements.temps_forts import vues as temps_forts
from participation.socle.views.pages import routes

app_name = "engagements"
urlpatterns: list[URLPattern] = [
    # Public
    path("engagements/", promesses.engagements, name="engagements"),
    path("engagements/engagements.csv", promesses.donnees_csv, name="engagements_csv"),
    path("engagements/engagements.json", promesses.donnees_json, name="engagements_json"),
    path("engagements/etudes/<slug:reference>/", etudes.etude, name="etude"),
    path("engagements/<slug:reference>/", promesses.engagement, name="engagement"),
    path("propositions/", propositions.propositions, name="propositions"),
    path("propositions/propositions.csv", propositions.donnees_csv, name="propositions_csv"),
    path("propositions/propositions.json", propositions.donnees_json, name="propositions_json"),
    path("propositions/de/<slug:cle>/", propositions.collectif, name="collectif"),
    path("propositions/reponses/<slug:reference>/", reponses.reponse, name="reponse"),
    path("propositions/temps-forts/<slug:reference>/", temps_forts.temps_fort, name="temps_fort"),
    path("propositions/<slug:reference>/", propositions.proposition, name="proposition"),
    path("deliberations/", deliberations.deliberations, name="deliberations"),
    path("deliberations/deliberations.csv", deliberations.donnees_csv, name="deliberations_csv"),
    path("deliberations/deliberations.json", deliberations.donnees_json, name="deliberations_json"),
    path("deliberations/sur/<slug:reference>/", deliberations.decisions, name="decisions"),
    path("deliberations/<int:pk>/", deliberations.deliberation, name="deliberation"),
    # Agents, and the élu in charge
    path("dossiers/engagements/", promesses.dossiers_engagements, name="dossiers_engagements"),
    path("dossiers/engagements/rapports/", promesses.rapports, name="rapports_engagements"),
    path("dossiers/engagements/etudes/", etudes.dossiers_etudes, name="dossiers_etudes"),
    path("dossiers/engagements/etudes/<int:pk>/", etudes.dossier_etude, name="dossier_etude"),
    path("dossiers/engagements/<int:pk>/", promesses.dossier_engagement, name="dossier_engagement"),
    path("dossiers/propositions/", propositions.dossiers_propositions, name="dossiers_propositions"),
    path("dossiers/propositions/reprises/", reprises.reprises, name="reprises"),
    path("dossiers/propositions/reprises/<int:pk>/", reprises.reprise, name="reprise"),
    path("dossiers/propositions/reprises/<int:pk>/refus.csv", reprises.refus, name="refus_de_reprise"),
    path("dossiers/propositions/<int:pk>/", propositions.dossier_proposition, name="dossier_proposition"),
    path("dossiers/deliberations/", deliberations.importer, name="importer_deliberations"),
    path("dossiers/deliberations/refus.csv", deliberations.refus, name="refus_de_deliberations"),
    path("dossiers/reponses/", reponses.dossiers_reponses, name="dossiers_reponses"),
    path("dossiers/reponses/<int:pk>/", reponses.dossier_reponse, name="dossier_reponse"),
    path("dossiers/propositions/temps-forts/", temps_forts.dossiers_temps_forts, name="dossiers_temps_forts"),
    path(
        "dossiers/propositions/temps-forts/<int:pk>/",
        temps_forts.dossier_temps_fort,
        name="dossier_temps_fort",
    ),
    *routes("dossiers/engagements/etudes/", Etude, Etude, pages.NOUVELLE_ETUDE),
    *routes("dossiers/engagements/etudes/<int:pk>/", Etude, trouver.etude_du_bureau, pages.ETUDES),
    *routes("dossiers/engagements/", EngagementPris, EngagementPris, pages.NOUVEL_ENGAGEMENT),
    *routes(
        "dossiers/engagements/<int:pk>/", EngagementPris, trouver.engagement_du_bureau, pages.ENGAGEMENTS
    ),
    *routes(
        "dossiers/indicateurs/<int:pk>/", EngagementPris, trouver.indicateur_du_bureau, pages.INDICATEURS
    ),
    *routes("dossiers/promis/<int:pk>/", EngagementPris, trouver.dossier_suivi, pages.SUITES),
    *routes("dossiers/propositions/", Proposition, Proposition, pages.NOUVELLE_PROPOSITION),
    *routes(
        "dossiers/propositions/<int:pk>/", Proposition, trouver.proposition_du_bureau, pages.PROPOSITIONS
    ),
    *routes("dossiers/reponses/", ReponseArgumentee, ReponseArgumentee, pages.NOUVELLE_REPONSE),
    *routes("dossiers/reponses/<int:pk>/", ReponseArgumentee, trouver.reponse_du_bureau, pages.REPONSES),
    *routes("dossiers/reponses/lignes/<int:pk>/", ReponseArgumentee, trouver.ligne_du_bureau, pages.LIGNES),
    *routes("dossiers/propositions/temps-forts/", TempsFort, TempsFort, pages.NOUVEAU_TEMPS_FORT),
    *routes(
        "dossiers/propositions/temps-forts/<int:pk>/",
        TempsFort,
        trouver.temps_fort_du_bureau,
        pages.TEMPS_FORTS,
    ),
    *routes(
        "dossiers/propositions/temps-forts/taches/<int:pk>/", TempsFort, trouver.tache_du_bureau, pages.TACHES
    ),
    *routes(
        "dossiers/propositions/temps-forts/remarques/<int:pk>/",
        TempsFort,
        trouver.remarque_du_bureau,
        pages.REMARQUES,
    ),
]
