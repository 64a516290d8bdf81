"""Forms about letters: correct an address, decide on held letters."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from participation.socle.forms.champs import champ_texte
from participation.socle.francais import accorder, instant_texte

if TYPE_CHECKING:
    from participation.socle.actions.retenue import LettresRetenues

SANS_NOM = "compte"


class CorrigerAdresseForm(forms.Form):
    destinataires = champ_texte(
        "Adresses", "Une par ligne. La lettre repart aussitôt.", maximum=2000, lignes=3
    )

    def clean_destinataires(self) -> list[str]:
        adresses = list(dict.fromkeys(self.cleaned_data["destinataires"].lower().split()))
        for adresse in adresses:
            try:
                validate_email(adresse)
            except ValidationError:
                raise ValidationError(f"« {adresse} » n’est pas une adresse électronique.") from None
        return adresses


class DeciderRetenuesForm(forms.Form):
    actes = forms.MultipleChoiceField(
        label="Quelles lettres ?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Cochez au moins une sorte de lettres."},
    )
    decision = forms.ChoiceField(
        label="Que faire de celles qui sont cochées ?",
        choices=[("partir", "Les laisser partir"), ("abandonner", "Ne pas les envoyer")],
        widget=forms.RadioSelect,
        error_messages={"required": "Dites si elles partent ou non."},
    )

    def __init__(self, *args: Any, sortes: "Sequence[LettresRetenues]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ = self.fields["actes"]
        assert isinstance(champ, forms.MultipleChoiceField)  # noqa: S101 for the type checker
        # Letters of the account (sign-in codes) have an empty `acte`, which cannot be the value of a choice.
        champ.choices = [
            (
                sorte.acte or SANS_NOM,
                f"« {sorte.sujet} », {accorder(sorte.nombre, 'lettre')}, du {instant_texte(sorte.premiere)} au "
                f"{instant_texte(sorte.derniere)}",
            )
            for sorte in sortes
        ]

    def clean_actes(self) -> list[str]:
        return ["" if acte == SANS_NOM else acte for acte in self.cleaned_data["actes"]]
