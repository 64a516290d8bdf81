"""The call for candidates, the selection, the new mandature."""

from django.urls import URLPattern, path

from ccspl.views.renouvellement import campagnes, candidatures, lectures, nomination, publiques, selection

urlpatterns: list[URLPattern] = [
    # Who applies
    path("candidater/", publiques.candidater, name="candidater"),
    path(
        "candidater/<int:campagne>/<int:college>/", publiques.deposer_candidature, name="deposer_candidature"
    ),
    path(
        "candidater/<int:campagne>/<int:college>/merci/",
        publiques.candidature_demandee,
        name="candidature_demandee",
    ),
    path("candidature/<jeton:jeton>/", publiques.ma_candidature, name="ma_candidature"),
    path(
        "candidature/<jeton:jeton>/confirmer/", publiques.confirmer_candidature, name="confirmer_candidature"
    ),
    path("candidature/<jeton:jeton>/corriger/", publiques.corriger_candidature, name="corriger_candidature"),
    path("candidature/<jeton:jeton>/retirer/", publiques.retirer_candidature, name="retirer_candidature"),
    path("candidature/<jeton:jeton>/place/", publiques.repondre_appel, name="repondre_appel"),
    # Who reads
    path("selection/", lectures.mes_lectures, name="mes_lectures"),
    path("selection/<int:pk>/", lectures.rendre_lecture, name="rendre_lecture"),
    path("selection/<int:pk>/se-deporter/", lectures.se_deporter_candidature, name="se_deporter_candidature"),
    # The service
    path("renouvellements/", campagnes.campagnes, name="campagnes"),
    path("renouvellements/nouveau/", campagnes.preparer_campagne, name="preparer_campagne"),
    path("renouvellements/a-effacer/", candidatures.candidatures_a_effacer, name="candidatures_a_effacer"),
    path("renouvellements/<int:pk>/", campagnes.campagne, name="campagne"),
    path("renouvellements/<int:pk>/modifier/", campagnes.modifier_campagne, name="modifier_campagne"),
    path(
        "renouvellements/<int:pk>/colleges/", campagnes.regler, {"quoi": "colleges"}, name="regler_colleges"
    ),
    path(
        "renouvellements/<int:pk>/questions/",
        campagnes.regler,
        {"quoi": "questions"},
        name="regler_questions",
    ),
    path(
        "renouvellements/<int:pk>/criteres/", campagnes.regler, {"quoi": "criteres"}, name="regler_criteres"
    ),
    path("renouvellements/<int:pk>/publier/", campagnes.ouvrir_appel, name="ouvrir_appel"),
    path("renouvellements/<int:pk>/corriger-textes/", campagnes.amender_appel, name="amender_appel"),
    path("renouvellements/<int:pk>/prolonger/", campagnes.prolonger_appel, name="prolonger_appel"),
    path("renouvellements/<int:pk>/clore/", campagnes.clore_appel, name="clore_appel"),
    path("renouvellements/<int:pk>/abandonner/", campagnes.abandonner_campagne, name="abandonner_campagne"),
    path("renouvellements/<int:pk>/parts/", campagnes.noter_parts, name="noter_parts"),
    path("renouvellements/<int:pk>/equilibre/", campagnes.equilibre, name="equilibre"),
    path("renouvellements/<int:pk>/candidatures/", candidatures.candidatures, name="candidatures"),
    path(
        "renouvellements/<int:pk>/saisir/<int:college>/",
        candidatures.saisir_candidature,
        name="saisir_candidature",
    ),
    path("renouvellements/<int:pk>/comite/", selection.composer_comite, name="composer_comite"),
    path("renouvellements/<int:pk>/repartir/", selection.repartir_lectures, name="repartir_lectures"),
    path("renouvellements/<int:pk>/ouvrir-selection/", selection.ouvrir_selection, name="ouvrir_selection"),
    path("renouvellements/<int:pk>/arreter/", selection.arreter, name="arreter"),
    path("renouvellements/<int:pk>/nommer/", nomination.nommer_membres, name="nommer_membres"),
    path("renouvellements/<int:pk>/installer/", nomination.installer_mandature, name="installer_mandature"),
    path("renouvellements/<int:pk>/etapes/ajouter/", nomination.ajouter_etape, name="ajouter_etape"),
    path("renouvellements/<int:pk>/effacer/", candidatures.effacer_candidatures, name="effacer_candidatures"),
    path("renouvellements/etapes/<int:pk>/", nomination.cocher_etape, name="cocher_etape"),
    path("renouvellements/comite/<int:pk>/retirer/", selection.retirer_relecteur, name="retirer_relecteur"),
    path("renouvellements/colleges/<int:pk>/classement/", selection.classement, name="classement"),
    path(
        "renouvellements/colleges/<int:pk>/proposer/", selection.proposer_selection, name="proposer_selection"
    ),
    path("renouvellements/colleges/<int:pk>/tirage/", selection.saisir_tirage, name="saisir_tirage"),
    path("renouvellements/colleges/<int:pk>/appeler/", nomination.appeler_suivant, name="appeler_suivant"),
    path("candidatures/<int:pk>/", candidatures.candidature, name="candidature"),
    path(
        "candidatures/<int:pk>/corriger/",
        candidatures.corriger_candidature_agent,
        name="corriger_candidature_agent",
    ),
    path(
        "candidatures/<int:pk>/retirer/",
        candidatures.retirer_candidature_agent,
        name="retirer_candidature_agent",
    ),
    path("candidatures/<int:pk>/recevable/", candidatures.declarer_eligible, name="declarer_eligible"),
    path(
        "candidatures/<int:pk>/non-recevable/",
        candidatures.declarer_non_eligible,
        name="declarer_non_eligible",
    ),
    path("candidatures/<int:pk>/decider/", selection.decider_candidature, name="decider_candidature"),
    path("candidatures/<int:pk>/reponse/", nomination.noter_reponse, name="noter_reponse"),
]
