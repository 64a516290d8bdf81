"""URLs of a renewal: call, selection, new mandature."""

from django.urls import URLPattern, path

from participation.renouvellement.models import Campagne
from participation.renouvellement.views import (
    campagnes,
    candidatures,
    lectures,
    nomination,
    publiques,
    selection,
)
from participation.renouvellement.views.trouver import trouver_campagne, trouver_candidature, trouver_college
from participation.socle.views.pages import routes

app_name = "renouvellement"
urlpatterns: list[URLPattern] = [
    # Applicants
    path("candidater/<slug:cle>/", publiques.candidater, name="candidater"),
    path("candidater/<slug:cle>/appel-<int:pk>/", publiques.appel, name="appel"),
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
    # Readers
    path("renouvellement/lectures/", lectures.mes_lectures, name="mes_lectures"),
    *routes(
        "renouvellement/lectures/<int:pk>/", Campagne, lectures.trouver_lecture, lectures.PAGES_DES_LECTURES
    ),
    # Agents
    path("renouvellement/", campagnes.campagnes, name="campagnes"),
    path("renouvellement/nouveau/", campagnes.preparer_campagne, name="preparer_campagne"),
    path("renouvellement/a-effacer/", candidatures.candidatures_a_effacer, name="candidatures_a_effacer"),
    path("renouvellement/<int:pk>/", campagnes.campagne, name="campagne"),
    path("renouvellement/<int:pk>/equilibre/", campagnes.equilibre, name="equilibre"),
    path("renouvellement/<int:pk>/candidatures/", candidatures.candidatures, name="candidatures"),
    path("renouvellement/<int:pk>/comite/", selection.composer_comite, name="composer_comite"),
    path("renouvellement/colleges/<int:pk>/classement/", selection.classement, name="classement"),
    path("renouvellement/candidatures/<int:pk>/", candidatures.candidature, name="candidature"),
    *routes(
        "renouvellement/<int:pk>/",
        Campagne,
        trouver_campagne,
        {**campagnes.PAGES, **selection.PAGES, **nomination.PAGES, **candidatures.PAGES},
    ),
    *routes(
        "renouvellement/colleges/<int:pk>/",
        Campagne,
        trouver_college,
        {**candidatures.PAGES_DES_COLLEGES, **selection.PAGES_DES_COLLEGES, **nomination.PAGES_DES_COLLEGES},
    ),
    *routes(
        "renouvellement/candidatures/<int:pk>/",
        Campagne,
        trouver_candidature,
        {
            **candidatures.PAGES_DES_CANDIDATURES,
            **selection.PAGES_DES_CANDIDATURES,
            **nomination.PAGES_DES_CANDIDATURES,
        },
    ),
    *routes(
        "renouvellement/comite/<int:pk>/",
        Campagne,
        selection.trouver_relecteur,
        selection.PAGES_DES_RELECTEURS,
    ),
    *routes(
        "renouvellement/etapes/<int:pk>/", Campagne, nomination.trouver_etape, nomination.PAGES_DES_ETAPES
    ),
]
