"""URLs of instances, mandatures and members, of the calendar and its feeds."""

from django.urls import URLPattern, path

from participation.seances import trouver
from participation.seances.calendrier import vues as calendrier
from participation.seances.elections import vues as elections
from participation.seances.instances import vues as instances
from participation.seances.membres import vues as membres
from participation.seances.models import Instance
from participation.seances.programme import vues as programme
from participation.seances.public import vues as public
from participation.socle.views.pages import routes

BUREAU = "seances/instances/"
urlpatterns: list[URLPattern] = [
    # Public pages
    path("instances/", public.instances_index, name="instances_publiques"),
    path("instances/calendrier/", calendrier.calendrier_public, name="calendrier_public"),
    path("instances/seances/<int:pk>/", public.seance_publique, name="seance_publique"),
    path("instances/<slug:cle>/", public.composition, name="composition"),
    path("agenda.ics", calendrier.agenda_tous, name="agenda_tous"),
    path("agenda/<slug:cle>.ics", calendrier.agenda_public, name="agenda_public"),
    path("agenda/moi/<cle_secrete:cle>.ics", calendrier.agenda_personnel, name="agenda_personnel"),
    # Back office
    path("seances/calendrier/", calendrier.calendrier, name="calendrier"),
    path(BUREAU, instances.instances, name="instances"),
    path(f"{BUREAU}ajouter/", instances.creer_instance, name="creer_instance"),
    path(f"{BUREAU}<slug:cle>/", instances.instance, name="instance"),
    *routes(f"{BUREAU}<slug:cle>/", Instance, trouver.instance_du_bureau, instances.PAGES),
    *routes(f"{BUREAU}<slug:cle>/", Instance, trouver.instance_du_bureau, programme.PAGES),
    path(f"{BUREAU}<slug:cle>/programme/<int:annee>/", programme.programme, name="programme"),
    path(
        f"{BUREAU}<slug:cle>/programme/<int:annee>/preparer/", programme.preparer_annee, name="preparer_annee"
    ),
    path(
        f"{BUREAU}<slug:cle>/programme/<int:annee>/ajouter/",
        programme.ajouter_prevision,
        name="ajouter_prevision",
    ),
    path("seances/membres/<int:pk>/", membres.membre, name="membre"),
    *routes(
        "seances/mandatures/<int:pk>/", Instance, trouver.mandature_du_bureau, instances.PAGES_MANDATURES
    ),
    *routes("seances/colleges/<int:pk>/", Instance, trouver.college_du_bureau, instances.PAGES_COLLEGES),
    *routes("seances/colleges/<int:pk>/", Instance, trouver.college_du_bureau, membres.PAGES_NOMMER),
    *routes("seances/colleges/<int:pk>/", Instance, trouver.college_du_bureau, elections.PAGES),
    *routes("seances/membres/<int:pk>/", Instance, trouver.membre_du_bureau, membres.PAGES_MEMBRES),
    *routes(
        "seances/points-recurrents/<int:pk>/",
        Instance,
        trouver.recurrence_du_bureau,
        programme.PAGES_RECURRENCES,
    ),
    *routes("seances/programme/<int:pk>/", Instance, trouver.prevision_du_bureau, programme.PAGES_PREVISIONS),
]
