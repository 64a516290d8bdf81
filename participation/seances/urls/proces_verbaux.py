"""The procès-verbal, the attendance sheet; who comes to a visit or a training."""

from django.urls import path

from participation.seances.models import Seance
from participation.seances.views import inscriptions, proces_verbaux
from participation.socle.views.pages import routes

urlpatterns = [
    path("seances/<int:pk>/proces-verbal/", proces_verbaux.proces_verbal, name="proces_verbal"),
    path("seances/<int:pk>/proces-verbal/rediger/", proces_verbaux.rediger, name="rediger_pv"),
    path("seances/<int:pk>/proces-verbal/ecrire/", proces_verbaux.ecrire, name="ecrire_pv"),
    path("seances/<int:pk>/proces-verbal/soumettre/", proces_verbaux.soumettre, name="soumettre_pv"),
    path("seances/<int:pk>/proces-verbal/approuver/", proces_verbaux.approuver, name="approuver_pv"),
    path("seances/<int:pk>/proces-verbal/corriger/", proces_verbaux.corriger, name="corriger_pv"),
    path("seances/<int:pk>/proces-verbal/publier/", proces_verbaux.publier, name="publier_pv"),
    path("seances/remarques/<int:pk>/", proces_verbaux.traiter_remarque, name="traiter_remarque"),
    path("seances/<int:pk>/feuille-de-presence/", proces_verbaux.feuille_presence, name="feuille_presence"),
    path("proces-verbaux/<int:pk>/", proces_verbaux.lire_proces_verbal, name="lire_proces_verbal"),
    path("proces-verbaux/versions/<int:pk>.pdf", proces_verbaux.document, name="proces_verbal_document"),
    path("instances/<slug:cle>/proces-verbaux/", proces_verbaux.proces_verbaux, name="proces_verbaux"),
    path("seances/<int:pk>/inscriptions/", inscriptions.inscriptions, name="inscriptions"),
    path("seances/<int:pk>/inscriptions/ajouter/", inscriptions.ajouter, name="ajouter_inscription"),
    *routes("inscriptions/<int:pk>/", Seance, inscriptions.inscription_du_bureau, inscriptions.PAGES),
    path("mes-instances/rencontres/<int:pk>/", inscriptions.inscription, name="inscription"),
]
