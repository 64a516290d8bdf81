"""The form of the address of a body."""

from collections.abc import Mapping
from typing import Any

from django import forms

from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import Fichier, champ_courriel


class ImporterAdressesForm(ActeForm):
    fichier = Fichier(
        label="Tableau des adresses",
        help_text="CSV ou classeur, avec une colonne « nom » (commune, direction, code INSEE ou sigle) et une colonne « courriel ». "
        "Une adresse déjà écrite n’est pas remplacée.",
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.ods,text/csv"}),
    )


class AdresseForm(ActeForm):
    avant = forms.CharField(required=False, max_length=254, widget=forms.HiddenInput)
    courriel = champ_courriel(
        "Courriel",
        "Une boîte partagée plutôt que celle d’une personne. Vide : plus rien ne lui est envoyé.",
        requis=False,
    )

    def initiales(self) -> Mapping[str, Any]:
        return {"avant": self.objet.courriel, "courriel": self.objet.courriel}
