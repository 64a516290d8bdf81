"""What the agents' queue of pétitions is filtered by."""

from typing import Any

import django_filters
from django.db.models import QuerySet

from participation.socle.filters import AgentFilter, EcheanceFilter, Filtres
from participation.socle.models import Commune
from petitions.models import Petition
from petitions.workflow import Etat


class PetitionFilter(Filtres):
    etat = django_filters.ChoiceFilter(
        label="État",
        choices=[(e.value, str(e.label).capitalize()) for e in Etat if e != Etat.BROUILLON],
        empty_label="Tous",
    )
    ouverts = django_filters.ChoiceFilter(
        label="Suivi",
        choices=(("oui", "En cours"), ("non", "Clos")),
        empty_label="Tous",
        method="par_ouverture",
    )
    echeance = EcheanceFilter()
    agent = AgentFilter()
    commune = django_filters.ModelChoiceFilter(
        label="Commune", queryset=Commune.objects.all(), field_name="communes", empty_label="Toutes"
    )

    class Meta:
        model = Petition
        fields: list[str] = []

    def par_ouverture(self, petitions: QuerySet[Any], nom: str, valeur: str) -> QuerySet[Any]:
        return petitions.filter(clos_le__isnull=valeur == "oui")
