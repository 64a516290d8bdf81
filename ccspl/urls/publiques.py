"""What everybody reads."""

from django.urls import URLPattern, path, re_path

from ccspl.views import publiques

urlpatterns: list[URLPattern] = [
    path("", publiques.commission, name="commission"),
    path("avis/", publiques.avis_liste, name="avis_liste"),
    re_path(r"^avis\.(?P<extension>json|csv)$", publiques.donnees_avis, name="donnees_avis"),
    path("avis/<str:reference>/", publiques.avis, name="avis"),
]
