"""The doors of the ground floor."""

from django.urls import URLPattern, path, re_path

from participation.socle.models import Dossier
from participation.socle.views import (
    accueil,
    communs,
    comptes,
    courriels,
    demandes,
    developpement,
    dossier,
    fichiers,
    filtres,
    journee,
    legal,
    listes,
    recherche,
    sante,
)
from participation.socle.views.pages import routes

app_name = "socle"
urlpatterns: list[URLPattern] = [
    path("", accueil.accueil, name="accueil"),
    path("mentions-legales/", legal.mentions_legales, name="mentions_legales"),
    path("donnees-personnelles/", legal.donnees_personnelles, name="donnees_personnelles"),
    path("accessibilite/", legal.accessibilite, name="accessibilite"),
    path("cookies/", legal.cookies, name="cookies"),
    # With or without a slash: the tools that watch the site follow no redirection.
    re_path(r"^sante/?$", sante.sante, name="sante"),
    path("repondre/<jeton:jeton>/", demandes.repondre_demande_par_lien, name="repondre_demande"),
    path("documents/<uuid:cle>/", fichiers.document, name="document"),
    path("documents/<uuid:cle>/etat/", fichiers.document_etat, name="document_etat"),
    path("documents/<uuid:cle>/refaire/", fichiers.redemander, name="redemander_document"),
    path("pieces/<int:pk>/", fichiers.piece, name="piece"),
    path("developpement/lettres/", developpement.lettres, name="lettres"),
    path("developpement/lettres/<int:pk>/", developpement.lettre, name="lettre"),
    path("developpement/lettres/<int:pk>/html/", developpement.lettre_html, name="lettre_html"),
    path("developpement/pieces/<int:pk>/", developpement.piece_lettre, name="piece_lettre"),
    path("journee/", journee.journee, name="journee"),
    path("recherche/", recherche.recherche, name="recherche"),
    path("courriels/", courriels.courriels, name="courriels"),
    path("courriels/<int:pk>/", courriels.courriel, name="courriel"),
    path("courriels/<int:pk>/renvoyer/", courriels.renvoyer_courriel, name="renvoyer_courriel"),
    path("courriels/<int:pk>/annuler/", courriels.annuler_courriel, name="annuler_courriel"),
    path("courriels/<int:pk>/corriger-adresse/", courriels.corriger_adresse, name="corriger_adresse"),
    path("dossiers/", listes.dossiers, name="dossiers"),
    path("dossiers/<int:pk>/", dossier.dossier, name="dossier"),
    *routes("dossiers/<int:pk>/", Dossier, communs.dossier_a_suivre, communs.PAGES_A_SUIVRE),
    *routes("dossiers/<int:pk>/", Dossier, communs.dossier_du_bureau, communs.PAGES),
    *routes("pieces/<int:pk>/", Dossier, communs.piece_du_bureau, communs.PAGES_DES_PIECES),
    *routes("demandes/<int:pk>/", Dossier, communs.demande_du_bureau, communs.PAGES_DES_DEMANDES),
    path("listes/enregistrer/", filtres.enregistrer_filtre, name="enregistrer_filtre"),
    path("listes/<int:pk>/supprimer/", filtres.supprimer_filtre, name="supprimer_filtre"),
    path("mon-espace/", comptes.accueil_compte, name="accueil_compte"),
    path("mon-compte/", comptes.mon_compte, name="mon_compte"),
    path("mon-compte/fermer/", comptes.fermer_compte, name="fermer_compte"),
    path("mot-de-passe/", comptes.mot_de_passe, name="mot_de_passe"),
]
