"""Instances, mandatures, members, the calendar and its feeds: who meets, and when."""

from django.urls import URLPattern, path

from participation.seances.views import calendrier, espace, instances, programme

BUREAU = "seances/instances/"
urlpatterns: list[URLPattern] = [
    # For everybody
    path("instances/", espace.instances_index, name="instances_publiques"),
    path("instances/calendrier/", calendrier.calendrier_public, name="calendrier_public"),
    path("instances/<slug:cle>/", espace.composition, name="composition"),
    path("agenda.ics", calendrier.agenda_tous, name="agenda_tous"),
    path("agenda/<slug:cle>.ics", calendrier.agenda_public, name="agenda_public"),
    path("agenda/moi/<cle_secrete:cle>.ics", calendrier.agenda_personnel, name="agenda_personnel"),
    # The back office
    path("seances/calendrier/", calendrier.calendrier, name="calendrier"),
    path(BUREAU, instances.instances, name="instances"),
    path(f"{BUREAU}ajouter/", instances.creer_instance, name="creer_instance"),
    path(f"{BUREAU}<slug:cle>/", instances.instance, name="instance"),
    path(f"{BUREAU}<slug:cle>/modifier/", instances.modifier_instance, name="modifier_instance"),
    path(f"{BUREAU}<slug:cle>/reglement/", instances.ecrire_reglement, name="ecrire_reglement"),
    path(f"{BUREAU}<slug:cle>/mandatures/", instances.ouvrir_mandature, name="ouvrir_mandature"),
    path(f"{BUREAU}<slug:cle>/points-recurrents/", programme.ajouter_recurrence, name="ajouter_recurrence"),
    path(f"{BUREAU}<slug:cle>/programme/<int:annee>/", programme.programme, name="programme"),
    path(
        f"{BUREAU}<slug:cle>/programme/<int:annee>/preparer/", programme.preparer_annee, name="preparer_annee"
    ),
    path(
        f"{BUREAU}<slug:cle>/programme/<int:annee>/ajouter/",
        programme.ajouter_prevision,
        name="ajouter_prevision",
    ),
    path("seances/mandatures/<int:pk>/modifier/", instances.modifier_mandature, name="modifier_mandature"),
    path("seances/mandatures/<int:pk>/installer/", instances.installer, name="installer"),
    path("seances/mandatures/<int:pk>/colleges/", instances.creer_college, name="creer_college"),
    path("seances/colleges/<int:pk>/modifier/", instances.modifier_college, name="modifier_college"),
    path("seances/colleges/<int:pk>/nommer/", instances.nommer, name="nommer"),
    path("seances/membres/<int:pk>/", instances.membre, name="membre"),
    path("seances/membres/<int:pk>/modifier/", instances.modifier_membre, name="modifier_membre"),
    path("seances/membres/<int:pk>/fin/", instances.mettre_fin, name="mettre_fin"),
    path("seances/membres/<int:pk>/remplacer/", instances.remplacer, name="remplacer"),
    path("seances/points-recurrents/<int:pk>/", programme.modifier_recurrence, name="modifier_recurrence"),
    path("seances/programme/<int:pk>/deplacer/", programme.deplacer_prevision, name="deplacer_prevision"),
    path(
        "seances/programme/<int:pk>/abandonner/", programme.abandonner_prevision, name="abandonner_prevision"
    ),
    path("seances/programme/<int:pk>/inscrire/", programme.inscrire_prevision, name="inscrire_prevision"),
]
