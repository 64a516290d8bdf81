"""URLs of procès-verbaux, attendance sheets, visits and trainings."""

from django.urls import path

from participation.seances import trouver
from participation.seances.inscriptions import vues as inscriptions
from participation.seances.models import ProcesVerbal, Seance
from participation.seances.proces_verbaux import vues as proces_verbaux
from participation.socle.views.pages import routes

urlpatterns = [
    path("seances/<int:pk>/proces-verbal/", proces_verbaux.proces_verbal, name="proces_verbal"),
    path("seances/<int:pk>/proces-verbal/rediger/", proces_verbaux.rediger, name="rediger_pv"),
    path("seances/<int:pk>/proces-verbal/ecrire/", proces_verbaux.ecrire, name="ecrire_pv"),
    path("seances/<int:pk>/proces-verbal/corriger/", proces_verbaux.corriger, name="corriger_pv"),
    *routes(
        "seances/<int:pk>/proces-verbal/", ProcesVerbal, trouver.proces_verbal_du_bureau, proces_verbaux.PAGES
    ),
    *routes(
        "seances/remarques/<int:pk>/",
        ProcesVerbal,
        trouver.remarque_du_bureau,
        proces_verbaux.PAGES_DES_REMARQUES,
    ),
    path("seances/<int:pk>/feuille-de-presence/", proces_verbaux.feuille_presence, name="fabriquer_feuille"),
    path("proces-verbaux/<int:pk>/", proces_verbaux.lire_proces_verbal, name="lire_proces_verbal"),
    path("proces-verbaux/versions/<int:pk>.pdf", proces_verbaux.document, name="proces_verbal_document"),
    path("instances/<slug:cle>/proces-verbaux/", proces_verbaux.proces_verbaux, name="proces_verbaux"),
    path("seances/<int:pk>/inscriptions/", inscriptions.inscriptions, name="inscriptions"),
    path("seances/<int:pk>/inscriptions/ajouter/", inscriptions.ajouter, name="ajouter_inscription"),
    *routes("inscriptions/<int:pk>/", Seance, trouver.inscription_du_bureau, inscriptions.PAGES),
    path("mes-instances/rencontres/<int:pk>/", inscriptions.inscription, name="inscription"),
]
