"""The doors of the ground floor."""

from django.urls import URLPattern, path

from participation.socle.views import communs, comptes, demandes, dossier, fichiers, listes, sante

app_name = "socle"
urlpatterns: list[URLPattern] = [
    path("sante", sante.sante, name="sante"),
    path("repondre/<str:jeton>/", demandes.repondre_demande_par_lien, name="repondre_demande"),
    path("documents/<uuid:cle>/", fichiers.document, name="document"),
    path("documents/<uuid:cle>/etat/", fichiers.document_etat, name="document_etat"),
    path("documents/<uuid:cle>/refaire/", fichiers.redemander, name="redemander_document"),
    path("pieces/<int:pk>/", fichiers.piece, name="piece"),
    path("dossiers/", listes.dossiers, name="dossiers"),
    path("dossiers/<int:pk>/", dossier.dossier, name="dossier"),
    path("dossiers/<int:pk>/prendre-en-charge/", communs.prendre_en_charge, name="prendre_en_charge"),
    path("dossiers/<int:pk>/noter/", communs.noter, name="noter"),
    path("demandes/<int:pk>/relancer/", communs.relancer_demande, name="relancer_demande"),
    path("demandes/<int:pk>/annuler/", communs.annuler_demande, name="annuler_demande"),
    path("listes/enregistrer/", listes.enregistrer_filtre, name="enregistrer_filtre"),
    path("listes/<int:pk>/supprimer/", listes.supprimer_filtre, name="supprimer_filtre"),
    path("mon-espace/", comptes.accueil_compte, name="accueil_compte"),
    path("mon-compte/", comptes.mon_compte, name="mon_compte"),
    path("mon-compte/fermer/", comptes.fermer_compte, name="fermer_compte"),
    path("mot-de-passe/", comptes.mot_de_passe, name="mot_de_passe"),
]
