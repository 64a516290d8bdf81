"""The call for candidates, the selection, the new mandature."""

from django.urls import URLPattern, path

from participation.renouvellement.views import (
    campagnes,
    candidatures,
    lectures,
    nomination,
    publiques,
    selection,
)

app_name = "renouvellement"
urlpatterns: list[URLPattern] = [
    # Who applies
    path("candidater/<slug:cle>/", publiques.candidater, name="candidater"),
    path("candidater/<slug:cle>/<int:college>/", publiques.deposer_candidature, name="deposer_candidature"),
    path(
        "candidater/<slug:cle>/<int:college>/merci/",
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
    path("renouvellement/lectures/", lectures.mes_lectures, name="mes_lectures"),
    path("renouvellement/lectures/<int:pk>/", lectures.rendre_lecture, name="rendre_lecture"),
    path(
        "renouvellement/lectures/<int:pk>/se-deporter/",
        lectures.se_deporter_candidature,
        name="se_deporter_candidature",
    ),
    # The service
    path("renouvellement/", campagnes.campagnes, name="campagnes"),
    path("renouvellement/nouveau/", campagnes.preparer_campagne, name="preparer_campagne"),
    path("renouvellement/a-effacer/", candidatures.candidatures_a_effacer, name="candidatures_a_effacer"),
    path("renouvellement/<int:pk>/", campagnes.campagne, name="campagne"),
    path("renouvellement/<int:pk>/modifier/", campagnes.modifier_campagne, name="modifier_campagne"),
    path("renouvellement/<int:pk>/colleges/", campagnes.regler, {"quoi": "colleges"}, name="regler_colleges"),
    path(
        "renouvellement/<int:pk>/questions/", campagnes.regler, {"quoi": "questions"}, name="regler_questions"
    ),
    path("renouvellement/<int:pk>/criteres/", campagnes.regler, {"quoi": "criteres"}, name="regler_criteres"),
    path("renouvellement/<int:pk>/publier/", campagnes.ouvrir_appel, name="ouvrir_appel"),
    path("renouvellement/<int:pk>/corriger-textes/", campagnes.amender_appel, name="amender_appel"),
    path("renouvellement/<int:pk>/prolonger/", campagnes.prolonger_appel, name="prolonger_appel"),
    path("renouvellement/<int:pk>/clore/", campagnes.clore_appel, name="clore_appel"),
    path("renouvellement/<int:pk>/abandonner/", campagnes.abandonner_campagne, name="abandonner_campagne"),
    path("renouvellement/<int:pk>/parts/", campagnes.noter_parts, name="noter_parts"),
    path("renouvellement/<int:pk>/equilibre/", campagnes.equilibre, name="equilibre"),
    path("renouvellement/<int:pk>/candidatures/", candidatures.candidatures, name="candidatures"),
    path(
        "renouvellement/<int:pk>/saisir/<int:college>/",
        candidatures.saisir_candidature,
        name="saisir_candidature",
    ),
    path("renouvellement/<int:pk>/comite/", selection.composer_comite, name="composer_comite"),
    path("renouvellement/<int:pk>/repartir/", selection.repartir_lectures, name="repartir_lectures"),
    path("renouvellement/<int:pk>/ouvrir-selection/", selection.ouvrir_selection, name="ouvrir_selection"),
    path("renouvellement/<int:pk>/arreter/", selection.arreter, name="arreter"),
    path("renouvellement/<int:pk>/nommer/", nomination.nommer_membres, name="nommer_membres"),
    path("renouvellement/<int:pk>/installer/", nomination.installer_mandature, name="installer_mandature"),
    path("renouvellement/<int:pk>/etapes/ajouter/", nomination.ajouter_etape, name="ajouter_etape"),
    path("renouvellement/<int:pk>/effacer/", candidatures.effacer_candidatures, name="effacer_candidatures"),
    path("renouvellement/etapes/<int:pk>/", nomination.cocher_etape, name="cocher_etape"),
    path("renouvellement/comite/<int:pk>/retirer/", selection.retirer_relecteur, name="retirer_relecteur"),
    path("renouvellement/colleges/<int:pk>/classement/", selection.classement, name="classement"),
    path(
        "renouvellement/colleges/<int:pk>/proposer/", selection.proposer_selection, name="proposer_selection"
    ),
    path("renouvellement/colleges/<int:pk>/tirage/", selection.saisir_tirage, name="saisir_tirage"),
    path("renouvellement/colleges/<int:pk>/appeler/", nomination.appeler_suivant, name="appeler_suivant"),
    path("renouvellement/candidatures/<int:pk>/", candidatures.candidature, name="candidature"),
    path(
        "renouvellement/candidatures/<int:pk>/corriger/",
        candidatures.corriger_candidature_agent,
        name="corriger_candidature_agent",
    ),
    path(
        "renouvellement/candidatures/<int:pk>/retirer/",
        candidatures.retirer_candidature_agent,
        name="retirer_candidature_agent",
    ),
    path(
        "renouvellement/candidatures/<int:pk>/recevable/",
        candidatures.declarer_eligible,
        name="declarer_eligible",
    ),
    path(
        "renouvellement/candidatures/<int:pk>/non-recevable/",
        candidatures.declarer_non_eligible,
        name="declarer_non_eligible",
    ),
    path(
        "renouvellement/candidatures/<int:pk>/decider/",
        selection.decider_candidature,
        name="decider_candidature",
    ),
    path("renouvellement/candidatures/<int:pk>/reponse/", nomination.noter_reponse, name="noter_reponse"),
]
