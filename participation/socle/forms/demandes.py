"""What an answer given by signed link asks for."""

from typing import Any

from django import forms

from participation.socle.models import Compte, Demande


class RepondreDemandeForm(forms.Form):
    reponse = forms.CharField(
        label="Votre réponse",
        widget=forms.Textarea(attrs={"rows": "8"}),
        max_length=20000,
        error_messages={"required": "Écrivez votre réponse."},
    )
    nom = forms.CharField(
        label="Votre nom",
        max_length=160,
        help_text="Pour que nous sachions qui répond.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Dites qui répond : prénom et nom."},
    )

    def __init__(self, *args: Any, demande: Demande, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reponse"].initial = demande.proposition
        if isinstance(demande.destinataire, Compte):
            self.fields["nom"].initial = demande.destinataire.get_full_name()
