"""URLs of the members' space."""

from django.urls import URLPattern, path

from participation.seances.espace import vues as espace

urlpatterns: list[URLPattern] = [
    path("mes-instances/", espace.espace, name="espace"),
    path("mes-instances/profil/", espace.profil, name="profil"),
    path("mes-instances/agenda/", espace.renouveler_agenda, name="renouveler_agenda"),
    path("mes-instances/<slug:cle>/", espace.mon_instance, name="mon_instance"),
    path("mes-instances/<slug:cle>/annuaire/", espace.annuaire, name="annuaire"),
]
