"""Forms about letters: correct an address, decide on held letters."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from participation.socle.forms.champs import champ_texte
from participation.socle.liens import NUMERO_MAX


class CorrigerAdresseForm(forms.Form):
    destinataires = champ_texte(
        "Adresses", "Une par ligne. La lettre repart aussitôt.", maximum=2000, lignes=3, se_relit=False
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
    """The buttons of one kind of held letters. `vu`: highest number of those shown."""

    acte = forms.CharField(required=False, max_length=60)
    vu = forms.IntegerField(min_value=1, max_value=NUMERO_MAX)
    decision = forms.ChoiceField(choices=[("partir", "Envoyer"), ("abandonner", "Ne pas envoyer")])
