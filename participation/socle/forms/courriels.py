"""What is asked to send a letter elsewhere."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email


class CorrigerAdresseForm(forms.Form):
    destinataires = forms.CharField(
        label="Adresses",
        widget=forms.Textarea(attrs={"rows": "3"}),
        max_length=2000,
        help_text="Une par ligne. La lettre repart aussitôt.",
    )

    def clean_destinataires(self) -> list[str]:
        adresses = list(dict.fromkeys(self.cleaned_data["destinataires"].lower().split()))
        for adresse in adresses:
            try:
                validate_email(adresse)
            except ValidationError:
                raise ValidationError(f"« {adresse} » n’est pas une adresse électronique.") from None
        return adresses
