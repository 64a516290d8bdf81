"""Paper sheets: how many to print, one line to enter, what the check found."""

from typing import Any

from django import forms

from participation.socle.forms.actes import ActeForm
from petitions.forms.signatures import NomMixin
from petitions.models import FeuillePapier
from petitions.models.copetitionnaire import Qualite


class ImprimerForm(forms.Form):
    nombre = forms.IntegerField(
        label="Feuilles à imprimer",
        min_value=1,
        max_value=50,
        initial=5,
        help_text="Douze lignes par feuille. Chaque feuille a son numéro et son code QR.",
        widget=forms.NumberInput(attrs={"class": "champ-court"}),
    )


class LigneForm(NomMixin):
    """One line, by keyboard: Entrée saves it and comes back to the first field; the commune stays."""

    qualite = forms.ChoiceField(
        label="Qualité",
        choices=[
            (Qualite.RESIDENT.value, "habite la Métropole"),
            (Qualite.CONTRIBUABLE.value, "y paie un impôt local"),
        ],
        initial=Qualite.RESIDENT.value,
    )
    malgre_doublon = forms.BooleanField(
        required=False, label="J’ai vérifié : ce n’est pas la même personne", widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["prenom"].widget.attrs.update({"autocomplete": "off", "autofocus": True})
        self.fields["nom"].widget.attrs["autocomplete"] = "off"
        self.fields["commune"].widget.attrs["autocomplete"] = "off"
        self.fields["commune"].help_text = ""

    def demander_verification(self) -> None:
        """Show the box that says that the likely double was looked at."""
        self.fields["malgre_doublon"].widget = forms.CheckboxInput()


class EffacerLigneForm(ActeForm):
    ligne = forms.IntegerField(min_value=1)


class ControleForm(forms.Form):
    """Compare the drawn lines with the paper."""

    decision = forms.ChoiceField(
        label="Décision",
        choices=[
            ("valider", "Tout est conforme : valider la feuille"),
            ("renvoyer", "Renvoyer à la saisie"),
            ("rejeter", "Rejeter la feuille"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Dites ce que vous décidez."},
    )
    motif = forms.CharField(
        label="Motif", required=False, widget=forms.Textarea, help_text="Nécessaire pour renvoyer ou rejeter."
    )

    def __init__(self, feuille: FeuillePapier, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lignes = {
            str(ligne.ligne): f"Ligne {ligne.ligne} : {ligne}, {ligne.commune}"
            for ligne in feuille.lignes.filter(ligne__in=feuille.lignes_a_controler).select_related("commune")
        }
        self.fields["conformes"] = forms.TypedMultipleChoiceField(
            label="Lignes conformes au papier",
            help_text="Cochez chaque ligne dont le nom, la commune et la signature sont sur la feuille.",
            coerce=int,
            required=False,
            choices=list(lignes.items()),
            widget=forms.CheckboxSelectMultiple,
        )
        self.order_fields(["conformes", "decision", "motif"])

    def clean(self) -> dict[str, Any]:
        reponses = super().clean() or {}
        if reponses.get("decision") in {"renvoyer", "rejeter"} and not reponses.get("motif"):
            self.add_error("motif", "Dites pourquoi.")
        return reponses
