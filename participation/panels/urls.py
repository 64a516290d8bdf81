"""URLs of the panels: public pages, back office, list of calls."""

from django.urls import URLPattern, path

from participation.panels import (
    comite,
    confirmation,
    fiche,
    indemnites,
    marches,
    public,
    questionnaires,
    recommandations,
    tables,
    trouver,
)
from participation.panels.communes import actes as communes
from participation.panels.communes import vues as vues_communes
from participation.panels.inscriptions import actes as inscriptions
from participation.panels.invitations import actes as invitations
from participation.panels.invitations import imports as adresses
from participation.panels.invitations import vues as vues_invitations
from participation.panels.models import Marche, Panel
from participation.panels.preparation import actes as preparation
from participation.socle.views.pages import routes

app_name = "panels"

MODULES = (
    preparation,
    inscriptions,
    adresses,
    invitations,
    communes,
    comite,
    questionnaires,
    confirmation,
    tables,
    recommandations,
    indemnites,
)

urlpatterns: list[URLPattern] = [
    # Public
    path("panels-citoyens/", public.panels_publics, name="panels_publics"),
    path("panels-citoyens/commune.py", vues_communes.script_des_communes, name="script_des_communes"),
    path("panels-citoyens/<slug:cle>/", public.panel_public, name="panel_public"),
    path("panels-citoyens/<slug:cle>/communes/", vues_communes.communes, name="communes"),
    path("panels-citoyens/<slug:cle>/communes.json", vues_communes.communes_json, name="communes_json"),
    path("panels-citoyens/part/<jeton:jeton>/", vues_communes.part_de_commune, name="part_de_commune"),
    path("panel/<slug:cle>/", public.entree, name="entree"),
    path("panel/<slug:cle>/<slug:langue>/", public.s_inscrire, name="s_inscrire"),
    path("panel/<slug:cle>/<slug:langue>/recue/", public.inscription_recue, name="inscription_recue"),
    path(
        "panels-citoyens/<slug:cle>/mon-avis/",
        questionnaires.questionnaire_a_remplir,
        name="repondre_questionnaire",
    ),
    # Agents, and who calls for them
    path("panels/", fiche.panels, name="panels"),
    path("panels/<int:pk>/", fiche.panel, name="panel"),
    path("panels/<int:pk>/appels/", fiche.appels, name="appels"),
    path(
        "panels/<int:pk>/adresses-refusees.csv", vues_invitations.adresses_refusees, name="adresses_refusees"
    ),
    path("panels/<int:pk>/numeros.csv", vues_invitations.numeros_csv, name="numeros_csv"),
    path("panels/<int:pk>/indemnites.csv", indemnites.indemnites_csv, name="indemnites_csv"),
    *routes("panels/", Panel, Panel, preparation),
    path("panels/marches/", marches.marches, name="marches"),
    path("panels/marches/<int:pk>/", marches.marche, name="marche"),
    *routes("panels/marches/", Marche, Marche, marches),
    *routes("panels/marches/<int:pk>/", Marche, trouver.trouver_marche, marches),
    *routes("panels/commandes/<int:pk>/", Marche, trouver.trouver_commande, marches, sur="commande"),
    *routes("panels/<int:pk>/", Panel, trouver.trouver_panel, *MODULES),
    *routes("panels/equipe/<int:pk>/", Panel, trouver.trouver_equipier, preparation, sur="equipier"),
    *routes("panels/pages/<int:pk>/", Panel, trouver.trouver_page, inscriptions, sur="pageinscription"),
    *routes(
        "panels/inscriptions/<int:pk>/",
        Panel,
        trouver.trouver_inscription,
        inscriptions,
        confirmation,
        indemnites,
        sur="inscription",
    ),
    *routes(
        "panels/recommandations/<int:pk>/",
        Panel,
        trouver.trouver_recommandation,
        recommandations,
        sur="recommandation",
    ),
]
