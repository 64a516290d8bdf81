"""Form field for an amount of money."""

from decimal import Decimal
from typing import Any

from django import forms

from participation.socle.regles.montants import MontantInvalide, ecrire, montant_tape


class ChampMontant(forms.CharField):
    """An amount read by `montant_tape`. `vide`: value when empty, if it may be; `positif`: refuse zero."""

    def __init__(
        self,
        libelle: str,
        aide: str = "",
        *,
        requis: bool = True,
        vide: Decimal | None = None,
        positif: bool = False,
    ) -> None:
        super().__init__(
            label=libelle,
            help_text=aide,
            required=requis,
            max_length=30,
            error_messages={"required": "Écrivez un montant, par exemple 12 500,50."},
        )
        self.vide, self.positif = vide, positif
        self.widget.attrs.update({"class": "champ-montant", "inputmode": "decimal", "autocomplete": "off"})

    def clean(self, value: Any) -> Any:
        texte = super().clean(value)
        if not texte:
            return self.vide
        try:
            lu = montant_tape(texte)
        except MontantInvalide as erreur:
            raise forms.ValidationError(self.dire(erreur)) from erreur
        if self.positif and not lu:
            raise forms.ValidationError("Le montant est plus grand que zéro.")
        return lu

    def dire(self, erreur: MontantInvalide) -> str:
        return str(erreur)

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, Decimal):
            return value
        return ecrire(value) or ("0" if self.required or self.vide is None else "")
