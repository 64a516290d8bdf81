"""Filters of the list of pétitions in the back office."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.forms import HiddenInput

from participation.socle.filters import AgentFilter, EcheanceFilter, Filtres, OuvertsFilter, ParmiFilter
from participation.socle.francais import majuscule
from participation.socle.models import Commune
from petitions.models import Petition, SeuilAtteint
from petitions.workflow import Etat


class PetitionFilter(Filtres):
    etat = django_filters.ChoiceFilter(
        label="État",
        choices=[(e.value, majuscule(e.label)) for e in Etat if e != Etat.BROUILLON],
        empty_label="Tous",
    )
    ouverts = OuvertsFilter()
    echeance = EcheanceFilter()
    agent = AgentFilter()
    commune = ParmiFilter(
        label="Commune", queryset=Commune.objects.all(), field_name="communes", empty_label="Toutes"
    )

    # Used by the links of the indicators: hidden fields, kept in the URL.
    du = django_filters.DateFilter(field_name="deposee_le", lookup_expr="date__gte", widget=HiddenInput)
    au = django_filters.DateFilter(field_name="deposee_le", lookup_expr="date__lte", widget=HiddenInput)
    motif = django_filters.CharFilter(field_name="motif_irrecevabilite__code", widget=HiddenInput)
    decision = django_filters.CharFilter(method="par_decision", widget=HiddenInput)

    class Meta:
        model = Petition
        fields: list[str] = []

    def par_decision(self, petitions: QuerySet[Any], nom: str, valeur: str) -> QuerySet[Any]:
        decidees = petitions.filter(decidee_le__isnull=False)
        if valeur == "recevable":
            return decidees.exclude(etat__in=[Etat.IRRECEVABLE, Etat.TRANSMISE])
        if valeur == "prise":
            return decidees
        if valeur == "seuil":
            return petitions.filter(
                pk__in=SeuilAtteint.objects.filter(perdu_le__isnull=True).values("petition")
            )
        if valeur == "debat":
            return petitions.exclude(issue_debat="")
        return petitions.filter(repondue_le__isnull=False) if valeur == "reponse" else petitions
