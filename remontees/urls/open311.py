"""URLs of Open311 GeoReport v2, fixed by the specification."""

from django.urls import URLPattern, path, re_path, register_converter

from remontees.open311 import vues as open311


class Forme:
    regex = "json|xml"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Forme, "forme_open311")

app_name = "open311"
urlpatterns: list[URLPattern] = [
    path("discovery.<forme_open311:forme>", open311.decouverte, name="decouverte"),
    path("services.<forme_open311:forme>", open311.services, name="services"),
    path("services/<str:code>.<forme_open311:forme>", open311.service, name="service"),
    path("requests.<forme_open311:forme>", open311.demandes, name="demandes"),
    path("requests/<str:numero>.<forme_open311:forme>", open311.demande, name="demande"),
    path("tokens/<str:cle>.<forme_open311:forme>", open311.jeton, name="jeton"),
    path("servicerequestupdates.<forme_open311:forme>", open311.nouvelles, name="nouvelles"),
    path("openapi.json", open311.contrat, name="contrat"),
    re_path("^(?P<reste>.*)$", open311.inconnue, name="inconnue"),
]
