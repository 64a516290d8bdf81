"""Period of the report."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from participation.socle.forms.champs import champ_jour


class RapportForm(forms.Form):
    debut = champ_jour("Du", erreur="Donnez le premier jour.")
    fin = champ_jour("Au", erreur="Donnez le dernier jour.")

    def __init__(self, *donnees: Any) -> None:
        jour = timezone.localdate()
        super().__init__(*donnees)
        self.initial = {"debut": jour - timedelta(days=90), "fin": jour}
