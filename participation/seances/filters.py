"""Search and filters of the list of séances."""

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.db.models.functions import ExtractYear

from participation.seances.models import Instance, Seance
from participation.seances.workflow import Etat
from participation.socle.filters import ParmiFilter


class SeanceFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = django_filters.CharFilter(
        label="Titre, lieu ou point", method="chercher", widget=forms.TextInput(attrs={"type": "search"})
    )
    instance = ParmiFilter(
        label="Instance", queryset=Instance.objects.all(), to_field_name="cle", empty_label="Toutes"
    )
    etat = django_filters.ChoiceFilter(label="État", choices=Etat.choices, empty_label="Tous")
    nature = django_filters.ChoiceFilter(label="Nature", choices=Seance.Nature.choices, empty_label="Toutes")
    annee = django_filters.ChoiceFilter(
        label="Année", choices=lambda: annees(), empty_label="Toutes", method="par_annee"
    )

    class Meta:
        model = Seance
        fields: list[str] = []

    def chercher(self, seances: QuerySet[Seance], nom: str, mots: str) -> QuerySet[Seance]:
        return seances.filter(
            Q(titre__icontains=mots)
            | Q(lieu__icontains=mots)
            | Q(pk__in=Seance.objects.filter(points__titre__icontains=mots).values("pk"))
        )

    def par_annee(self, seances: QuerySet[Seance], nom: str, annee: str) -> QuerySet[Seance]:
        return seances.filter(debut__year=int(annee))


def annees() -> list[tuple[str, str]]:
    """Return the years that have a séance, the latest first."""
    trouvees = Seance.objects.annotate(an=ExtractYear("debut")).order_by("-an").values_list("an", flat=True)
    return [(str(an), str(an)) for an in dict.fromkeys(trouvees.distinct())]
