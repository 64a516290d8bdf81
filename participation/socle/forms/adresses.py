"""The form of the address of a body."""

from collections.abc import Mapping
from typing import Any

from django import forms

from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_courriel


class AdresseForm(ActeForm):
    avant = forms.CharField(required=False, max_length=254, widget=forms.HiddenInput)
    courriel = champ_courriel(
        "Courriel",
        "Une boîte partagée plutôt que celle d’une personne. Vide : plus rien ne lui est envoyé.",
        requis=False,
    )

    def initiales(self) -> Mapping[str, Any]:
        return {"avant": self.objet.courriel, "courriel": self.objet.courriel}
