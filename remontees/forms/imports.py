"""Forms of an import: the file, then the mapping of its columns."""

from typing import Any

from django import forms
from django.conf import settings

from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_choix
from participation.socle.francais import nombre
from remontees.models import Import
from remontees.regles.fichier import CHAMPS


class FichierForm(ActeForm):
    fichier = forms.FileField(
        label="Fichier CSV",
        help_text=f"Un message par ligne ; la première ligne dit le nom des colonnes. {nombre(settings.TABLEAU_LIGNES_MAX)} lignes au plus.",
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv,.txt,.tsv"}),
    )


class RelierForm(ActeForm):
    objet: Import

    def preparer(self) -> None:
        colonnes = [("", "Aucune colonne"), *((nom, nom) for nom in self.objet.entetes)]
        for champ, libelle in CHAMPS.items():
            self.fields[champ] = champ_choix(
                libelle, colonnes, requis=champ == "verbatim", erreur="Choisissez la colonne."
            )
            self.initial[champ] = self.objet.relies.get(champ, "")

    def relies(self) -> dict[str, Any]:
        return {champ: colonne for champ, colonne in self.cleaned_data.items() if colonne}
