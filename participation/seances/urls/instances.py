"""URLs of instances, mandatures and members, of the calendar and its feeds."""

from django.urls import URLPattern, path

from participation.seances.models import Instance
from participation.seances.views import calendrier, espace, instances, programme, publiques
from participation.socle.views.pages import routes

BUREAU = "seances/instances/"
urlpatterns: list[URLPattern] = [
    # Public pages
    path("instances/", espace.instances_index, name="instances_publiques"),
    path("instances/calendrier/", calendrier.calendrier_public, name="calendrier_public"),
    path("instances/seances/<int:pk>/", publiques.seance_publique, name="seance_publique"),
    path("instances/<slug:cle>/", espace.composition, name="composition"),
    path("agenda.ics", calendrier.agenda_tous, name="agenda_tous"),
    path("agenda/<slug:cle>.ics", calendrier.agenda_public, name="agenda_public"),
    path("agenda/moi/<cle_secrete:cle>.ics", calendrier.agenda_personnel, name="agenda_personnel"),
    # Back office
    path("seances/calendrier/", calendrier.calendrier, name="calendrier"),
    path(BUREAU, instances.instances, name="instances"),
    path(f"{BUREAU}ajouter/", instances.creer_instance, name="creer_instance"),
    path(f"{BUREAU}<slug:cle>/", instances.instance, name="instance"),
    *routes(f"{BUREAU}<slug:cle>/", Instance, instances.instance_du_bureau, instances.PAGES),
    *routes(f"{BUREAU}<slug:cle>/", Instance, instances.instance_du_bureau, programme.PAGES),
    path(f"{BUREAU}<slug:cle>/programme/<int:annee>/", programme.programme, name="programme"),
    path(
        f"{BUREAU}<slug:cle>/programme/<int:annee>/preparer/", programme.preparer_annee, name="preparer_annee"
    ),
    path(
        f"{BUREAU}<slug:cle>/programme/<int:annee>/ajouter/",
        programme.ajouter_prevision,
        name="ajouter_prevision",
    ),
    path("seances/membres/<int:pk>/", instances.membre, name="membre"),
    *routes(
        "seances/mandatures/<int:pk>/", Instance, instances.mandature_du_bureau, instances.PAGES_MANDATURES
    ),
    *routes("seances/colleges/<int:pk>/", Instance, instances.college_du_bureau, instances.PAGES_COLLEGES),
    *routes("seances/membres/<int:pk>/", Instance, instances.membre_du_bureau, instances.PAGES_MEMBRES),
    *routes(
        "seances/points-recurrents/<int:pk>/",
        Instance,
        programme.recurrence_du_bureau,
        programme.PAGES_RECURRENCES,
    ),
    *routes(
        "seances/programme/<int:pk>/", Instance, programme.prevision_du_bureau, programme.PAGES_PREVISIONS
    ),
]
