"""Periods of the indicators."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from participation.socle.forms.champs import champ_jour


class PeriodeForm(forms.Form):
    du = champ_jour("Du", requis=False)
    au = champ_jour("Au", requis=False)

    def clean(self) -> dict[str, Any]:
        reponses = super().clean() or {}
        du, au = reponses.get("du"), reponses.get("au")
        if du and au and au < du:
            raise ValidationError({"au": "La fin précède le début."})
        return reponses

    def periode(self) -> tuple[date, date]:
        """Return the first and last days, both included.

        By default, or for invalid input: this year to date.
        """
        jour = timezone.localdate()
        if not self.is_bound or not self.is_valid():
            return date(jour.year, 1, 1), jour
        du, au = self.cleaned_data.get("du"), self.cleaned_data.get("au") or jour
        return du or min(date(au.year, 1, 1), au), au


class AnneeForm(forms.Form):
    annee = forms.TypedChoiceField(label="Année", coerce=int, required=False, empty_value=None)

    def __init__(self, data: Any = None, *, annees: Sequence[int]) -> None:
        super().__init__(data, initial={"annee": annees[0]})
        self.annees = annees
        self.fields["annee"].choices = [(annee, str(annee)) for annee in annees]  # type: ignore[attr-defined]

    def choisie(self) -> int:
        annee = self.cleaned_data.get("annee") if self.is_bound and self.is_valid() else None
        return annee or self.annees[0]
