"""URLs of the pétitions, grouped by who uses them."""

from django.urls import URLPattern, path, re_path

from participation.socle.views.pages import routes
from petitions import bilan as indicateurs
from petitions import nouvelles, pseudonymisation, rapprochement, trouver
from petitions.collecte import actes as collecte
from petitions.collecte import campagne, papier
from petitions.conseil import actes as conseil
from petitions.conseil import panel
from petitions.conseil import vues as suivi
from petitions.copetitionnaires import vues as copetitionnaires
from petitions.depot import actes as actes_depot
from petitions.depot import vues as depot
from petitions.fraude import actes as actes_fraude
from petitions.fraude import vues as fraude
from petitions.models import FeuillePapier, Invalidation, Petition
from petitions.public import donnees_ouvertes
from petitions.public import vues as publiques
from petitions.recevabilite import actes as actes_recevabilite
from petitions.recevabilite import comite, decisions
from petitions.recevabilite import vues as recevabilite
from petitions.seuils import actes as seuils
from petitions.signatures import retrait
from petitions.signatures import vues as signatures
from petitions.trouver import brouillon_de

app_name = "petitions"
urlpatterns: list[URLPattern] = [
    # Signing comes first: patterns are tried in order, and this URL may be requested thirty times a second.
    path("<int:pk>/signer/", signatures.signer, name="signer"),
    path("<int:pk>/signer/merci/", signatures.signature_demandee, name="signature_demandee"),
    path("signature/<jeton:jeton>/", signatures.ma_signature, name="ma_signature"),
    path("signature/<jeton:jeton>/confirmer/", signatures.CONFIRMER.vue, name="confirmer_signature"),
    path("signature/<jeton:jeton>/corriger/", signatures.corriger_signature, name="corriger_signature"),
    path("signature/<jeton:jeton>/retirer/", signatures.retirer_signature, name="retirer_signature"),
    path("signature/<jeton:jeton>/ce-n-est-pas-moi/", signatures.refuser_signature, name="refuser_signature"),
    path("signature/<jeton:jeton>/lever-le-refus/", signatures.lever_refus, name="lever_refus"),
    path("signature/<jeton:jeton>/signer-l-autre/", rapprochement.signer_la_reunie, name="signer_la_reunie"),
    # Work of the service on signatures: paper, fraud, conservation
    path("<int:pk>/seuils/", fraude.simuler_seuils, name="simuler_seuils"),
    *routes("<int:pk>/", Petition, trouver.petition_du_bureau, seuils, pseudonymisation),
    *routes("seuils/<int:pk>/", Petition, fraude.seuil_en_attente_du_bureau, seuils, sur="seuilenattente"),
    path("<int:pk>/signatures/export.csv", fraude.exporter_signatures, name="exporter_signatures"),
    path("<int:pk>/signatures/", signatures.signataires, name="signataires"),
    path("signatures/<int:pk>/papier/", signatures.signature_sur_papier, name="signature_sur_papier"),
    *routes("signatures/<int:pk>/", Petition, signatures.signature_du_bureau, retrait, sur="signature"),
    path("<int:pk>/signatures/ecartees/", fraude.signatures_ecartees, name="signatures_ecartees"),
    path("<int:pk>/signatures/rafales/", fraude.rafales, name="rafales"),
    path("<int:pk>/signatures/invalider/", fraude.invalider_signatures, name="invalider_signatures"),
    path("<int:pk>/signatures/invalidations/", fraude.retablir_signatures, name="retablir_signatures"),
    path("invalidations/<int:pk>/", fraude.invalidation, name="invalidation"),
    *routes("invalidations/<int:pk>/", Invalidation, fraude.invalidation_du_bureau, actes_fraude),
    path("<int:pk>/feuilles/", papier.feuilles, name="feuilles"),
    path("<int:pk>/feuilles/a-valider/", papier.feuille_a_valider, name="valider_feuille"),
    path("feuilles/<int:pk>/", papier.saisir_feuille, name="saisir_feuille"),
    *routes("feuilles/<int:pk>/", FeuillePapier, papier.feuille_du_bureau, papier),
    path("feuilles/<int:pk>/controler/", papier.controler_feuille, name="controler_feuille"),
    path("conservation/", fraude.conservation, name="conservation"),
    # The author of a pétition and its co-pétitionnaires
    path("commencer/", depot.commencer, name="commencer"),
    path("proches/", depot.proches, name="proches"),
    path("mes-petitions/", depot.mes_petitions, name="mes_petitions"),
    path("mes-petitions/nouvelle/", depot.nouvelle, name="nouvelle"),
    path("mes-petitions/<int:pk>/", depot.ma_petition, name="ma_petition"),
    path("mes-petitions/<int:pk>/rediger/", depot.rediger, name="rediger"),
    re_path(
        r"^mes-petitions/(?P<pk>[0-9]{1,18})/rediger/(?P<etape>demande|competence|vous|pieces)/$",
        depot.rediger,
        name="rediger",
    ),
    path(
        "mes-petitions/<int:pk>/copetitionnaires/", copetitionnaires.copetitionnaires, name="copetitionnaires"
    ),
    path(
        "mes-petitions/<int:pk>/feuilles/<int:numero>/",
        copetitionnaires.feuille_a_signer,
        name="feuille_a_signer",
    ),
    path("mes-petitions/<int:pk>/deposer/", depot.deposer, name="deposer"),
    *routes("mes-petitions/<int:pk>/", Petition, brouillon_de, actes_depot, nouvelles),
    *routes(
        "mes-petitions/nouvelles/<int:pk>/",
        Petition,
        nouvelles.nouvelle_de_l_auteur,
        nouvelles.PAGES_DES_NOUVELLES_DE_L_AUTEUR,
    ),
    path("co-petitionnaire/<jeton:jeton>/", copetitionnaires.CONFIRMER.vue, name="confirmer_copetitionnaire"),
    path(
        "co-petitionnaire/<jeton:jeton>/signer/",
        copetitionnaires.signer_copetitionnaire,
        name="signer_copetitionnaire",
    ),
    path("rapprochement/<jeton:jeton>/", rapprochement.repondre_rapprochement, name="repondre_rapprochement"),
    path("papier/", copetitionnaires.code_de_feuille, name="code_de_feuille"),
    path("papier/<slug:cle>/", copetitionnaires.saisir_copetitionnaire, name="saisir_copetitionnaire"),
    path(
        "papier/<slug:cle>/effacer/<int:pk>/",
        copetitionnaires.effacer_copetitionnaire,
        name="effacer_copetitionnaire",
    ),
    path("rejoindre/<jeton:jeton>/", copetitionnaires.rejoindre, name="rejoindre"),
    # Queue of the agents, dossier, acts of the comité, reformulation by the author
    path("dossiers/", recevabilite.tableau, name="tableau"),
    path("dossiers/inscrire-au-comite/", recevabilite.inscrire_au_comite, name="inscrire_au_comite"),
    path("dossiers/<int:pk>/", recevabilite.dossier, name="dossier"),
    *routes(
        "dossiers/<int:pk>/", Petition, trouver.petition_du_comite, actes_recevabilite, comite, decisions
    ),
    path("mes-petitions/<int:pk>/reformuler/", recevabilite.reformuler, name="reformuler"),
    # Publication, campaign, steps after the thresholds, indicators: for the service
    path("indicateurs/", indicateurs.indicateurs, name="indicateurs"),
    path("rapport/", indicateurs.rapport_annuel, name="rapport_annuel"),
    *routes(
        "dossiers/<int:pk>/",
        Petition,
        trouver.petition_du_bureau,
        collecte,
        campagne,
        conseil,
        panel,
        rapprochement,
        {"ajouter_suite": conseil.AJOUTER_SUITE},
    ),
    *routes("dossiers/taches/<int:pk>/", Petition, trouver.tache_du_bureau, campagne, sur="tachecampagne"),
    *routes(
        "dossiers/nouvelles/<int:pk>/", Petition, nouvelles.nouvelle_du_bureau, nouvelles.PAGES_DES_NOUVELLES
    ),
    *routes(
        "dossiers/rapprochements/<int:pk>/",
        Petition,
        rapprochement.rapprochement_du_bureau,
        rapprochement,
        sur="rapprochement",
    ),
    path("nouvelles/<jeton:jeton>/auteurs/", suivi.ARRETER_L_AUTEUR.vue, name="ne_plus_recevoir_auteur"),
    path("nouvelles/<jeton:jeton>/", suivi.ARRETER.vue, name="ne_plus_recevoir"),
    # Public pages and open data
    path("", publiques.liste, name="liste"),
    path("reglement/", publiques.reglement, name="reglement"),
    path("reglement/<str:version>/", publiques.reglement, name="reglement"),
    path("donnees/petitions.json", donnees_ouvertes.donnees_json, name="donnees_json"),
    path("donnees/petitions.csv", donnees_ouvertes.donnees_csv, name="donnees_csv"),
    path("atom.xml", donnees_ouvertes.atom, name="atom"),
    path("<int:pk>/donnees.json", donnees_ouvertes.donnees_petition, name="donnees_petition"),
    path("<int:pk>/", publiques.court, name="court"),
    path("<int:pk>/image.png", publiques.image, name="image"),
    path("<int:pk>/qr.svg", publiques.qr, name="qr"),
    path("<int:pk>/rendez-vous/<slug:nature>.ics", publiques.rendez_vous, name="rendez_vous"),
    path("<int:pk>/affiche/", publiques.affiche, name="affiche"),
    path("<int:pk>-<slug:slug>/", publiques.petition, name="petition"),
    path("<int:pk>-<slug:slug>/facile/", publiques.facile, name="facile"),
]
