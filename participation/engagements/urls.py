"""URLs of engagements, propositions and answers: for all, then for agents."""

from django.urls import URLPattern, path

from participation.engagements import deliberations, etudes, reponses, reprises, trouver
from participation.engagements.models import EngagementPris, Etude, Proposition, ReponseArgumentee, TempsFort
from participation.engagements.promesses import actes as actes_promesses
from participation.engagements.promesses import vues as promesses
from participation.engagements.propositions import actes as actes_propositions
from participation.engagements.propositions import vues as propositions
from participation.engagements.temps_forts import actes as actes_temps_forts
from participation.engagements.temps_forts import vues as temps_forts
from participation.socle.views.pages import pages_de, routes

app_name = "engagements"

ENGAGEMENTS = pages_de(EngagementPris, actes_promesses)
# One address for an engagement, a proposition and an étude.
SUITES = {"ajouter_suite": ENGAGEMENTS.pop("ajouter_suite")}

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
    *routes("dossiers/engagements/etudes/", Etude, Etude, etudes),
    *routes("dossiers/engagements/etudes/<int:pk>/", Etude, trouver.etude_du_bureau, etudes),
    *routes("dossiers/engagements/", EngagementPris, EngagementPris, actes_promesses),
    *routes("dossiers/engagements/<int:pk>/", EngagementPris, trouver.engagement_du_bureau, ENGAGEMENTS),
    *routes(
        "dossiers/indicateurs/<int:pk>/",
        EngagementPris,
        trouver.indicateur_du_bureau,
        actes_promesses,
        sur="indicateur",
    ),
    *routes("dossiers/promis/<int:pk>/", EngagementPris, trouver.dossier_suivi, SUITES),
    *routes("dossiers/propositions/", Proposition, Proposition, actes_propositions),
    *routes(
        "dossiers/propositions/<int:pk>/", Proposition, trouver.proposition_du_bureau, actes_propositions
    ),
    *routes("dossiers/reponses/", ReponseArgumentee, ReponseArgumentee, reponses),
    *routes("dossiers/reponses/<int:pk>/", ReponseArgumentee, trouver.reponse_du_bureau, reponses),
    *routes(
        "dossiers/reponses/lignes/<int:pk>/",
        ReponseArgumentee,
        trouver.ligne_du_bureau,
        reponses,
        sur="lignedereponse",
    ),
    *routes("dossiers/propositions/temps-forts/", TempsFort, TempsFort, actes_temps_forts),
    *routes(
        "dossiers/propositions/temps-forts/<int:pk>/",
        TempsFort,
        trouver.temps_fort_du_bureau,
        actes_temps_forts,
    ),
    *routes(
        "dossiers/propositions/temps-forts/taches/<int:pk>/",
        TempsFort,
        trouver.tache_du_bureau,
        actes_temps_forts,
        sur="tache",
    ),
    *routes(
        "dossiers/propositions/temps-forts/remarques/<int:pk>/",
        TempsFort,
        trouver.remarque_du_bureau,
        actes_temps_forts,
        sur="remarque",
    ),
]
