"""Publication, campaign, what comes after the thresholds, indicators: the service's doors."""

from django.urls import path

from petitions.views import collecte, indicateurs, suivi

urlpatterns = [
    path("indicateurs/", indicateurs.indicateurs, name="indicateurs"),
    path("rapport/", indicateurs.rapport_annuel, name="rapport_annuel"),
    path("dossiers/<int:pk>/ouvrir-collecte/", collecte.ouvrir_collecte, name="ouvrir_collecte"),
    path("dossiers/<int:pk>/amender/", collecte.amender, name="amender"),
    path("dossiers/<int:pk>/ecrire-facile/", collecte.ecrire_facile, name="ecrire_facile"),
    path("dossiers/<int:pk>/prolonger/", collecte.prolonger, name="prolonger"),
    path("dossiers/<int:pk>/suspendre/", collecte.suspendre, name="suspendre"),
    path("dossiers/<int:pk>/reprendre/", collecte.reprendre, name="reprendre"),
    path("dossiers/<int:pk>/ajouter-tache/", collecte.ajouter_tache, name="ajouter_tache"),
    path("dossiers/taches/<int:pk>/faire/", collecte.faire_tache, name="faire_tache"),
    path("dossiers/taches/<int:pk>/supprimer/", collecte.supprimer_tache, name="supprimer_tache"),
    path("dossiers/<int:pk>/transmettre-note/", suivi.transmettre_note, name="transmettre_note"),
    path("dossiers/<int:pk>/rencontrer/", suivi.rencontrer, name="rencontrer"),
    path("dossiers/<int:pk>/inscrire-au-conseil/", suivi.inscrire_au_conseil, name="inscrire_au_conseil"),
    path("dossiers/<int:pk>/ouvrir-panel/", suivi.ouvrir_panel, name="ouvrir_panel"),
    path("dossiers/<int:pk>/recevoir-avis-panel/", suivi.recevoir_avis_panel, name="recevoir_avis_panel"),
    path("dossiers/<int:pk>/constater-debat/", suivi.constater_debat, name="constater_debat"),
    path("dossiers/<int:pk>/promettre-suite/", suivi.promettre_suite, name="promettre_suite"),
    path("dossiers/<int:pk>/fixer-restitution/", suivi.fixer_restitution, name="fixer_restitution"),
    path("dossiers/<int:pk>/repondre/", suivi.repondre, name="repondre"),
    path("dossiers/<int:pk>/clore/", suivi.clore, name="clore"),
    path("nouvelles/<jeton:jeton>/", suivi.ne_plus_recevoir, name="ne_plus_recevoir"),
]
