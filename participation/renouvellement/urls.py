"""URLs of a renewal: call, selection, new mandature."""

from django.urls import URLPattern, path

from participation.renouvellement import comite, effacement, equilibre, nomination, public, trouver
from participation.renouvellement.campagne import vues as campagne
from participation.renouvellement.candidatures import actes as actes_candidatures
from participation.renouvellement.candidatures import eligibilite, retrait
from participation.renouvellement.candidatures import vues as candidatures
from participation.renouvellement.models import Campagne
from participation.renouvellement.selection import actes as actes_selection
from participation.renouvellement.selection import tirages
from participation.renouvellement.selection import vues as selection
from participation.socle.views.pages import routes

app_name = "renouvellement"
urlpatterns: list[URLPattern] = [
    # Applicants
    path("candidater/<slug:cle>/", public.candidater, name="candidater"),
    path("candidater/<slug:cle>/appel-<int:pk>/", public.appel, name="appel"),
    path("candidater/<slug:cle>/<int:college>/", public.deposer_candidature, name="deposer_candidature"),
    path(
        "candidater/<slug:cle>/<int:college>/merci/", public.candidature_demandee, name="candidature_demandee"
    ),
    path("candidature/<jeton:jeton>/", public.ma_candidature, name="ma_candidature"),
    path("candidature/<jeton:jeton>/confirmer/", public.CONFIRMER.vue, name="confirmer_candidature"),
    path("candidature/<jeton:jeton>/corriger/", public.corriger_candidature, name="corriger_candidature"),
    path("candidature/<jeton:jeton>/retirer/", public.retirer_candidature, name="retirer_candidature"),
    path("candidature/<jeton:jeton>/place/", public.repondre_appel, name="repondre_appel"),
    # Readers
    path("renouvellement/lectures/", comite.mes_lectures, name="mes_lectures"),
    *routes("renouvellement/lectures/<int:pk>/", Campagne, trouver.trouver_lecture, comite, sur="lecture"),
    # Agents
    path("renouvellement/", campagne.campagnes, name="campagnes"),
    path("renouvellement/nouveau/", campagne.preparer_campagne, name="preparer_campagne"),
    path("renouvellement/a-effacer/", effacement.candidatures_a_effacer, name="candidatures_a_effacer"),
    path("renouvellement/<int:pk>/", campagne.campagne, name="campagne"),
    path("renouvellement/<int:pk>/equilibre/", equilibre.equilibre, name="equilibre"),
    path("renouvellement/<int:pk>/candidatures/", candidatures.candidatures, name="candidatures"),
    path("renouvellement/<int:pk>/comite/", comite.comite_a_composer, name="composer_comite"),
    path("renouvellement/colleges/<int:pk>/classement/", selection.classement, name="classement"),
    path("renouvellement/candidatures/<int:pk>/", candidatures.candidature, name="candidature"),
    *routes(
        "renouvellement/<int:pk>/",
        Campagne,
        trouver.trouver_campagne,
        campagne.PAGES,
        comite,
        actes_selection,
        nomination,
        effacement.PAGES,
    ),
    *routes(
        "renouvellement/colleges/<int:pk>/",
        Campagne,
        trouver.trouver_college,
        actes_candidatures,
        actes_selection,
        tirages,
        nomination,
        sur="collegecampagne",
    ),
    *routes(
        "renouvellement/candidatures/<int:pk>/",
        Campagne,
        trouver.trouver_candidature,
        actes_candidatures,
        eligibilite,
        retrait,
        actes_selection,
        nomination,
        sur="candidature",
    ),
    *routes("renouvellement/comite/<int:pk>/", Campagne, trouver.trouver_relecteur, comite, sur="relecteur"),
    *routes(
        "renouvellement/etapes/<int:pk>/",
        Campagne,
        trouver.trouver_etape,
        nomination,
        sur="etapeinstallation",
    ),
]
