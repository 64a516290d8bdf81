"""Fields shared by the forms of the inter-quartier budget: quartiers, point, contact, single sending."""

from typing import Any

from django import forms

from contrat_ville.actions.idees import Contact
from participation.socle.forms.champs import champ_courriel, champ_ligne
from participation.socle.models import Quartier


def champ_quartiers(libelle: str = "Quartiers", aide: str = "", *, requis: bool = True) -> Any:
    return forms.ModelMultipleChoiceField(
        label=libelle,
        help_text=aide,
        required=requis,
        queryset=Quartier.objects.select_related("commune"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choisissez au moins un quartier.",
            "invalid_choice": "Choisissez les quartiers dans la liste.",
        },
    )


def champ_piege() -> forms.CharField:
    """Honeypot: people do not see this field, so only a program fills it in."""
    return forms.CharField(
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off", "aria-hidden": "true"}),
    )


class AvecPoint(forms.Form):
    """Position of an idée, in hidden fields filled by position.js on request.

    A point outside the metropolis is ignored.
    """

    latitude = forms.FloatField(required=False, widget=forms.HiddenInput)
    longitude = forms.FloatField(required=False, widget=forms.HiddenInput)

    def point(self) -> dict[str, float]:
        latitude, longitude = (self.cleaned_data.get(nom) for nom in ("latitude", "longitude"))
        if latitude is None or longitude is None or not (44 <= latitude <= 46 and 5 <= longitude <= 7):
            return {}
        return {"latitude": latitude, "longitude": longitude}


class LirePoint(forms.Form):
    """Position typed or removed by an agent."""

    latitude = forms.FloatField(
        label="Latitude",
        required=False,
        min_value=44,
        max_value=46,
        help_text="Pour la carte, par exemple 45.1667. Le point est public : effacez-le s’il désigne un logement.",
    )
    longitude = forms.FloatField(
        label="Longitude", required=False, min_value=5, max_value=7, help_text="Par exemple 5.7167."
    )

    def clean(self) -> dict[str, Any]:
        dit = super().clean() or {}
        if (dit.get("latitude") is None) != (dit.get("longitude") is None) and not self.errors:
            self.add_error("longitude", "Donnez la latitude et la longitude, ou aucune des deux.")
        return dit


class AvecContact(forms.Form):
    nom = champ_ligne("Nom", maximum=120, requis=False, attributs={"autocomplete": "name"})
    courriel = champ_courriel(
        "Adresse de courriel",
        "Pour savoir, à chaque étape, ce que devient l’idée. Jamais publiée.",
        requis=False,
        attributs={"autocomplete": "email", "spellcheck": "false"},
    )
    telephone = champ_ligne(
        "Téléphone", maximum=30, requis=False, attributs={"autocomplete": "tel", "inputmode": "tel"}
    )

    def contact(self) -> Contact:
        dit = self.cleaned_data
        return Contact(dit.get("nom", ""), dit.get("courriel", ""), dit.get("telephone", ""))
