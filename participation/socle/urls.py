"""URLs of the socle."""

from django.urls import URLPattern, path, re_path

from participation.socle.models import Dossier, Traduction
from participation.socle.views import (
    abonnements,
    accueil,
    actes,
    comptes,
    courriels,
    courriers,
    demandes,
    donnees_ouvertes,
    dossier,
    exports,
    fichiers,
    journee,
    liens,
    listes,
    moderation,
    recherche,
    traductions,
)
from participation.socle.views import exploitation as developpement
from participation.socle.views import exploitation as sante
from participation.socle.views import exploitation as travaux
from participation.socle.views import service as absences
from participation.socle.views import service as adresses
from participation.socle.views import service as communes
from participation.socle.views import service as langues
from participation.socle.views import service as mise_en_place
from participation.socle.views import service as relecture
from participation.socle.views.pages import routes
from participation.socle.views.public import legal, machines, recherche_publique, voies

app_name = "socle"
urlpatterns: list[URLPattern] = [
    path("", accueil.accueil, name="accueil"),
    path("chercher/", recherche_publique.chercher, name="chercher"),
    path("chiffres-cles/", accueil.chiffres_cles, name="chiffres_cles"),
    path("partage.png", machines.image_de_partage, name="image_de_partage"),
    path("robots.txt", machines.robots, name="robots"),
    path("sitemap.xml", machines.plan, name="plan"),
    path(".well-known/security.txt", machines.securite, name="securite"),
    path(".well-known/change-password", machines.changer_mot_de_passe, name="changer_mot_de_passe"),
    path("favicon.ico", machines.favicon, name="favicon"),
    re_path(r"^couleurs/(?P<couleur>[0-9a-f]{6})\.css$", machines.couleurs, name="couleurs"),
    path("logo.png", machines.logo, name="logo"),
    path("manifest.webmanifest", machines.manifeste, name="manifeste"),
    path("opensearch.xml", machines.opensearch, name="opensearch"),
    path("mentions-legales/", legal.mentions_legales, name="mentions_legales"),
    path("donnees-personnelles/", legal.donnees_personnelles, name="donnees_personnelles"),
    path("donnees-ouvertes/", donnees_ouvertes.donnees_ouvertes, name="donnees_ouvertes"),
    path("donnees-ouvertes/catalogue.jsonld", donnees_ouvertes.catalogue, name="catalogue"),
    path("donnees-ouvertes/<slug:cle>/schema.json", donnees_ouvertes.schema, name="schema_de_donnees"),
    *(
        path(
            f"donnees-ouvertes/communes.{forme}",
            donnees_ouvertes.fichier(donnees_ouvertes.COMMUNES, forme),
            name=f"communes_{forme}",
        )
        for forme in ("csv", "json", "geojson")
    ),
    path("moderation/", moderation.moderation, name="moderation"),
    *(
        path(
            f"donnees-ouvertes/moderation.{forme}",
            donnees_ouvertes.fichier(moderation.JEU, forme),
            name=f"moderation_{forme}",
        )
        for forme in ("csv", "json")
    ),
    path("moderation/<jeton:jeton>/", moderation.contester, name="contester_moderation"),
    path("moderations/", moderation.moderations, name="moderations"),
    *routes("moderations/<int:pk>/", Dossier, moderation.moderation_du_bureau, moderation.PAGES),
    path("accessibilite/", legal.accessibilite, name="accessibilite"),
    path("cookies/", legal.cookies, name="cookies"),
    # With or without a slash: monitoring tools do not follow redirections.
    re_path(r"^sante/?$", sante.sante, name="sante"),
    path("s/<jeton:jeton>/", liens.lien_court, name="lien_court"),
    path("code/", liens.mon_code, name="mon_code"),
    path("repondre/<jeton:jeton>/", demandes.repondre_demande_par_lien, name="repondre_demande"),
    path("repondre/<jeton:jeton>/pieces/<int:pk>/", demandes.piece_de_la_demande, name="piece_de_la_demande"),
    path("documents/<uuid:cle>/", fichiers.document, name="document"),
    path("documents/<uuid:cle>/etat/", fichiers.document_etat, name="document_etat"),
    path("documents/<uuid:cle>/refaire/", fichiers.redemander, name="redemander_document"),
    path("exports/<uuid:cle>/", exports.export, name="export"),
    path("exports/<uuid:cle>/fichier/", exports.fichier_export, name="fichier_export"),
    path("pieces/<int:pk>/", fichiers.piece, name="piece"),
    path("developpement/lettres/", developpement.lettres, name="lettres"),
    path("developpement/lettres/<int:pk>/", developpement.lettre, name="lettre"),
    path("developpement/lettres/<int:pk>/html/", developpement.lettre_html, name="lettre_html"),
    path("developpement/pieces/<int:pk>/", developpement.piece_lettre, name="piece_lettre"),
    path("journee/", journee.journee, name="journee"),
    path("recherche/", recherche.recherche, name="recherche"),
    path("courriels/", courriels.courriels, name="courriels"),
    path("courriels/sms/", courriels.cout_des_sms, name="cout_des_sms"),
    path("travaux/", travaux.travaux_arretes, name="travaux_arretes"),
    path("courriels/retenus/", courriels.courriels_retenus, name="courriels_retenus"),
    path("courriels/<int:pk>/", courriels.courriel, name="courriel"),
    path("courriels/<int:pk>/renvoyer/", courriels.renvoyer_courriel, name="renvoyer_courriel"),
    path("courriels/<int:pk>/annuler/", courriels.annuler_courriel, name="annuler_courriel"),
    path("courriels/<int:pk>/corriger-adresse/", courriels.corriger_adresse, name="corriger_adresse"),
    path("mise-en-place/", mise_en_place.mise_en_place, name="mise_en_place"),
    path("adresses/", adresses.adresses, name="adresses"),
    path("adresses/importer/", adresses.importer, name="importer_adresses"),
    path("adresses/<slug:corps>/<slug:pk>/", adresses.ecrire_adresse, name="ecrire_adresse"),
    path("voies/", voies.voies, name="voies"),
    path("voies/importer/", voies.importer, name="importer_voies"),
    path("langues/", langues.langues, name="langues"),
    path("courriers/", courriers.courriers, name="courriers"),
    path("courriers/imprimer/", courriers.imprimer_courriers, name="imprimer_courriers"),
    path("courriers/ensemble/<int:pk>/poster/", courriers.poster_impression, name="poster_impression"),
    *routes("courriers/<int:pk>/", Dossier, courriers.courrier_du_bureau, courriers.PAGES),
    path("communes/<str:code>/", communes.commune, name="commune"),
    path("dossiers/", listes.dossiers, name="dossiers"),
    path("dossiers/<int:pk>/", dossier.dossier, name="dossier"),
    *routes("dossiers/<int:pk>/", Dossier, actes.dossier_a_suivre, actes.PAGES_A_SUIVRE),
    *routes("dossiers/<int:pk>/", Dossier, actes.dossier_du_bureau, actes.PAGES),
    *routes("pieces/<int:pk>/", Dossier, actes.piece_du_bureau, actes.PAGES_DES_PIECES),
    *routes("demandes/<int:pk>/", Dossier, actes.demande_du_bureau, actes.PAGES_DES_DEMANDES),
    *routes("dossiers/<int:pk>/", Dossier, actes.dossier_du_bureau, traductions.PAGES),
    *routes(
        "traductions/<int:pk>/",
        Dossier,
        traductions.traduction_du_bureau(Traduction, traductions.dossier_du_bureau),
        traductions.PAGES_DES_TRADUCTIONS,
    ),
    path("dossiers/<int:pk>/langues/", traductions.langues_du_dossier, name="langues_du_dossier"),
    path("facile/<int:pk>/", traductions.facile, name="facile"),
    path("relire/", relecture.relire_texte, name="relire_texte"),
    path("listes/enregistrer/", listes.enregistrer_filtre, name="enregistrer_filtre"),
    path("listes/<int:pk>/supprimer/", listes.supprimer_filtre, name="supprimer_filtre"),
    path("mon-espace/", comptes.accueil_compte, name="accueil_compte"),
    path("bienvenue/", comptes.bienvenue, name="bienvenue"),
    path("mon-compte/", comptes.mon_compte, name="mon_compte"),
    path("mon-compte/abonnements/", abonnements.mes_abonnements, name="mes_abonnements"),
    path("mon-compte/fermer/", comptes.fermer_compte, name="fermer_compte"),
    path("absences/", absences.absences, name="absences"),
    path("absences/<int:pk>/finir/", absences.finir, name="finir_absence"),
    path("mot-de-passe/", comptes.mot_de_passe, name="mot_de_passe"),
    path("mon-compte/prouver/", comptes.prouver_ma_boite, name="prouver_ma_boite"),
    path("mon-appareil/<jeton:jeton>/", comptes.reconnaitre_appareil, name="reconnaitre_appareil"),
]
