"""Period of the dashboard, and filters of the lists behind its figures."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone

from ccspl.lectures.indicateurs.avis import EN_ATTENTE, REFUSEES, SUIVIES
from ccspl.models import Avis, Preconisation, ServiceSuivi
from ccspl.workflow import Etat, Sens
from participation.socle.filters import Filtres, ParmiFilter
from participation.socle.forms.champs import champ_jour
from participation.socle.models import Direction
from participation.suites.models import reponse_en_retard
from participation.suites.workflow import Etat as EtatSuite


class PeriodeForm(forms.Form):
    """A year, or a first and a last day: the days prevail."""

    annee = forms.TypedChoiceField(label="Année", coerce=int, required=False, empty_value=None)
    du = champ_jour("ou du", requis=False)
    au = champ_jour("au", requis=False)

    def __init__(self, data: Any = None, *, annees: Sequence[int]) -> None:
        super().__init__(data, initial={"annee": annees[0]})
        self.fields["annee"].choices = [  # type: ignore[attr-defined]
            ("", "Au choix"),
            *((annee, str(annee)) for annee in annees),
        ]

    def clean(self) -> dict[str, Any]:
        reponses = super().clean() or {}
        du, au = reponses.get("du"), reponses.get("au")
        if du and (au or timezone.localdate()) < du:
            raise ValidationError({"au" if au else "du": "La fin précède le début."})
        return reponses

    def periode(self) -> tuple[date, date]:
        """Return the first and last days, both included.

        By default, or for invalid input: this year to date.
        """
        jour = timezone.localdate()
        donnes = self.cleaned_data if self.is_bound and self.is_valid() else {}
        du, au, annee = donnes.get("du"), donnes.get("au"), donnes.get("annee")
        if du or au:
            fin = au or jour
            return du or min(date(fin.year, 1, 1), fin), fin
        annee = annee or jour.year
        return date(annee, 1, 1), min(date(annee, 12, 31), max(jour, date(annee, 1, 1)))


class AvisFilter(Filtres):
    """Filters of the list of avis. Figures of the dashboard link to it."""

    rendu_du = django_filters.DateFilter(
        label="Rendu du", field_name="adopte_le", lookup_expr="date__gte", widget=forms.DateInput
    )
    rendu_au = django_filters.DateFilter(
        label="au", field_name="adopte_le", lookup_expr="date__lte", widget=forms.DateInput
    )
    service = ParmiFilter(label="Service", queryset=ServiceSuivi.objects.all(), empty_label="Tous")
    sens = django_filters.ChoiceFilter(label="Sens", choices=Sens.choices, empty_label="Tous")
    suites = django_filters.ChoiceFilter(
        label="Réponse",
        choices=(("retard", "En retard"), ("attente", "Attendue"), ("recue", "Reçue")),
        empty_label="Toutes",
        method="par_suites",
    )
    etat = django_filters.ChoiceFilter(label="État", choices=Etat.choices, empty_label="Tous")
    saisine = django_filters.ChoiceFilter(label="Saisine", choices=Avis.Saisine.choices, empty_label="Toutes")
    saisi_du = django_filters.DateFilter(
        field_name="date_saisine", lookup_expr="gte", widget=forms.HiddenInput
    )
    saisi_au = django_filters.DateFilter(
        field_name="date_saisine", lookup_expr="lte", widget=forms.HiddenInput
    )
    conseil = django_filters.NumberFilter(field_name="conseil", widget=forms.HiddenInput)

    class Meta:
        model = Avis
        fields: list[str] = []

    def par_suites(self, avis: QuerySet[Any], nom: str, valeur: str) -> QuerySet[Any]:
        """Filter on the annotations of `avec_suites`."""
        if valeur == "retard":
            return avis.filter(n_retards__gt=0)
        if valeur == "attente":
            return avis.filter(attendue_le__isnull=False)
        return avis.filter(n_repondues__gt=0, attendue_le__isnull=True)


SORTS: dict[str, tuple[str, Q]] = {
    "suivie": ("Suivies", Q(suite__etat__in=SUIVIES)),
    "en_partie": ("Suivies en partie", Q(suite__etat=EtatSuite.SUIVIE_EN_PARTIE)),
    "tout_ou_partie": (
        "Suivies, en tout ou en partie",
        Q(suite__etat__in=[*SUIVIES, EtatSuite.SUIVIE_EN_PARTIE]),
    ),
    "non_suivie": ("Non suivies ou hors compétence", Q(suite__etat__in=REFUSEES)),
    "attente": ("En attente", Q(suite__isnull=True) | Q(suite__etat__in=EN_ATTENTE)),
    "retard": ("En retard", Q()),
}


class PreconisationFilter(Filtres):
    rendu_du = django_filters.DateFilter(
        label="Avis rendu du", field_name="avis__adopte_le", lookup_expr="date__gte", widget=forms.DateInput
    )
    rendu_au = django_filters.DateFilter(
        label="au", field_name="avis__adopte_le", lookup_expr="date__lte", widget=forms.DateInput
    )
    service = ParmiFilter(
        label="Service", field_name="avis__service", queryset=ServiceSuivi.objects.all(), empty_label="Tous"
    )
    direction = ParmiFilter(
        label="Direction",
        field_name="suite__direction",
        queryset=Direction.objects.all(),
        empty_label="Toutes",
    )
    sort = django_filters.ChoiceFilter(
        label="Ce qu’elles sont devenues",
        choices=[(cle, libelle) for cle, (libelle, _) in SORTS.items()],
        empty_label="Toutes",
        method="par_sort",
    )
    repondue_du = django_filters.DateFilter(
        field_name="suite__repondue_le", lookup_expr="date__gte", widget=forms.HiddenInput
    )
    repondue_au = django_filters.DateFilter(
        field_name="suite__repondue_le", lookup_expr="date__lte", widget=forms.HiddenInput
    )

    class Meta:
        model = Preconisation
        fields: list[str] = []

    def chercher(self, lignes: QuerySet[Any], nom: str, mots: str) -> QuerySet[Any]:
        mots = mots.strip()
        return lignes.filter(
            Q(texte__icontains=mots) | Q(avis__titre__icontains=mots) | Q(avis__reference__icontains=mots)
        )

    def par_sort(self, lignes: QuerySet[Any], nom: str, valeur: str) -> QuerySet[Any]:
        if valeur == "retard":
            return lignes.filter(reponse_en_retard(timezone.localdate(), "suite__"))
        return lignes.filter(SORTS[valeur][1])
