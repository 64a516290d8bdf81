"""An amount in euros as people write it: « 1 234,50 », to the cent."""

from decimal import Decimal
from typing import Any

from django import forms

from contrat_ville.regles.budget import MontantInvalide, ecrire, montant_de


class ChampMontant(forms.CharField):
    """Read by the rule of the house; left empty, it is worth nothing (unless `requis`)."""

    def __init__(self, libelle: str, aide: str = "", *, requis: bool = False, **options: Any) -> None:
        super().__init__(label=libelle, help_text=aide, required=requis, max_length=30, **options)
        self.widget.attrs.update({"class": "champ-court", "inputmode": "decimal"})

    def clean(self, value: Any) -> Any:
        texte = super().clean(value)
        if not texte:
            return Decimal(0)
        try:
            return montant_de(texte)
        except MontantInvalide as erreur:
            raise forms.ValidationError(str(erreur)) from erreur

    def prepare_value(self, value: Any) -> Any:
        return ecrire(value) if isinstance(value, Decimal) else value
