"""What everybody reads."""

from django.urls import URLPattern, path, re_path
from django.views.generic import RedirectView

from ccspl.models import INSTANCE
from ccspl.views import publiques
from participation.socle.http import publique

# The addresses that posters and letters of former calls bear.
ancienne = publique(RedirectView.as_view(pattern_name="renouvellement:candidater", permanent=True))
ancien_formulaire = publique(RedirectView.as_view(url="/candidater/%(cle)s/%(college)s/", permanent=True))

urlpatterns: list[URLPattern] = [
    path("", publiques.commission, name="commission"),
    path("avis/", publiques.avis_liste, name="avis_liste"),
    re_path(r"^avis\.(?P<extension>json|csv)$", publiques.donnees_avis, name="donnees_avis"),
    path("avis/<str:reference>/", publiques.avis, name="avis"),
    path("candidater/", ancienne, {"cle": INSTANCE}, name="candidater"),
    path(
        "candidater/<int:campagne>/<int:college>/",
        ancien_formulaire,
        {"cle": INSTANCE},
        name="deposer_candidature",
    ),
]
