"""Filters of the lists of avis, in the back office and on the public site."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.text import capfirst

from ccspl.models import Avis, ServiceSuivi
from ccspl.workflow import Etat, Sens
from participation.socle.forms.filters import AgentFilter, EcheanceFilter, Filtres, OuvertsFilter, ParmiFilter
from participation.socle.models import Direction


class AvisFilter(Filtres):
    etat = django_filters.ChoiceFilter(
        label="État", choices=[(v, capfirst(t)) for v, t in Etat.choices], empty_label="Tous"
    )
    ouverts = OuvertsFilter()
    service = ParmiFilter(
        label="Service", queryset=ServiceSuivi.objects.all(), empty_label="Tous", method="par_service"
    )
    objet = django_filters.ChoiceFilter(
        label="Objet", choices=[(v, capfirst(t)) for v, t in Avis.Objet.choices], empty_label="Tous"
    )
    sens = django_filters.ChoiceFilter(
        label="Sens", choices=[(v, capfirst(t)) for v, t in Sens.choices], empty_label="Tous"
    )
    direction = ParmiFilter(
        label="Direction", queryset=Direction.objects.filter(est_active=True), empty_label="Toutes"
    )
    echeance = EcheanceFilter()
    agent = AgentFilter()

    class Meta:
        model = Avis
        fields: list[str] = []

    def par_service(self, avis: QuerySet[Any], nom: str, service: ServiceSuivi) -> QuerySet[Any]:
        return portant_sur(avis, service)


class AvisPublicFilter(Filtres):
    """Filters of the public list."""

    service = ParmiFilter(
        label="Service",
        queryset=ServiceSuivi.objects.filter(
            Q(avis__est_publie=True) | Q(avis_aussi__est_publie=True)
        ).distinct(),
        empty_label="Tous",
        method="par_service",
    )
    annee = django_filters.ChoiceFilter(
        label="Année",
        field_name="adopte_le",
        lookup_expr="year",
        choices=lambda: annees_publiees(),
        empty_label="Toutes",
    )
    sens = django_filters.ChoiceFilter(
        label="Sens de l’avis", choices=[(v, capfirst(t)) for v, t in Sens.choices], empty_label="Tous"
    )
    reponse = django_filters.ChoiceFilter(
        label="Réponse",
        choices=(("oui", "Répondu"), ("non", "Réponse attendue")),
        empty_label="Toutes",
        method="par_reponse",
    )

    class Meta:
        model = Avis
        fields: list[str] = []

    def par_reponse(self, avis: QuerySet[Any], nom: str, valeur: str) -> QuerySet[Any]:
        return avis.filter(repondu_le__isnull=valeur == "non")

    def par_service(self, avis: QuerySet[Any], nom: str, service: ServiceSuivi) -> QuerySet[Any]:
        return portant_sur(avis, service)


def portant_sur(avis: QuerySet[Any], service: ServiceSuivi) -> QuerySet[Any]:
    """Keep the avis about this service, as the first one or among `autres_services`."""
    aussi = Avis.autres_services.through.objects.filter(servicesuivi=service.pk).values("avis")
    return avis.filter(Q(service=service.pk) | Q(pk__in=aussi))


def annees_publiees() -> list[tuple[str, str]]:
    annees = Avis.objects.filter(est_publie=True).dates("adopte_le", "year", order="DESC")
    return [(str(jour.year), str(jour.year)) for jour in annees]
