"""Publication, campaign, what comes after the thresholds, indicators: the service's doors."""

from django.urls import path

from petitions.views import collecte, indicateurs, suivi

urlpatterns = [
    path("bureau/indicateurs/", indicateurs.indicateurs, name="indicateurs"),
    path("bureau/rapport/", indicateurs.rapport_annuel, name="rapport_annuel"),
    path("bureau/<int:pk>/ouvrir-collecte/", collecte.ouvrir_collecte, name="ouvrir_collecte"),
    path("bureau/<int:pk>/amender/", collecte.amender, name="amender"),
    path("bureau/<int:pk>/ecrire-facile/", collecte.ecrire_facile, name="ecrire_facile"),
    path("bureau/<int:pk>/prolonger/", collecte.prolonger, name="prolonger"),
    path("bureau/<int:pk>/suspendre/", collecte.suspendre, name="suspendre"),
    path("bureau/<int:pk>/reprendre/", collecte.reprendre, name="reprendre"),
    path("bureau/<int:pk>/ajouter-tache/", collecte.ajouter_tache, name="ajouter_tache"),
    path("bureau/taches/<int:pk>/faire/", collecte.faire_tache, name="faire_tache"),
    path("bureau/taches/<int:pk>/supprimer/", collecte.supprimer_tache, name="supprimer_tache"),
    path("bureau/<int:pk>/transmettre-note/", suivi.transmettre_note, name="transmettre_note"),
    path("bureau/<int:pk>/rencontrer/", suivi.rencontrer, name="rencontrer"),
    path("bureau/<int:pk>/inscrire-au-conseil/", suivi.inscrire_au_conseil, name="inscrire_au_conseil"),
    path("bureau/<int:pk>/ouvrir-panel/", suivi.ouvrir_panel, name="ouvrir_panel"),
    path("bureau/<int:pk>/recevoir-avis-panel/", suivi.recevoir_avis_panel, name="recevoir_avis_panel"),
    path("bureau/<int:pk>/constater-debat/", suivi.constater_debat, name="constater_debat"),
    path("bureau/<int:pk>/promettre-suite/", suivi.promettre_suite, name="promettre_suite"),
    path("bureau/<int:pk>/fixer-restitution/", suivi.fixer_restitution, name="fixer_restitution"),
    path("bureau/<int:pk>/repondre/", suivi.repondre, name="repondre"),
    path("bureau/<int:pk>/clore/", suivi.clore, name="clore"),
    path("bureau/suites/<int:pk>/", suivi.changer_suite, name="changer_suite"),
    path("nouvelles/<str:jeton>/", suivi.ne_plus_recevoir, name="ne_plus_recevoir"),
]
