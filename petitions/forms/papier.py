"""Forms of the paper sheets: printing, entry of a line, check."""

from typing import Any

from django import forms

from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_case, champ_choix, champ_ligne, champ_texte
from petitions.forms.signatures import NomMixin
from petitions.models import FeuillePapier
from petitions.models.copetitionnaire import Qualite


class ImprimerForm(forms.Form):
    nombre = forms.IntegerField(
        label="Feuilles à imprimer",
        min_value=1,
        max_value=50,
        initial=5,
        help_text="Douze lignes par feuille. Chaque feuille a son numéro. Une longue demande prend le recto : imprimez recto verso.",
        widget=forms.NumberInput(attrs={"class": "champ-court"}),
    )


class PersonneForm(NomMixin):
    """Entry of a person from paper, by keyboard.

    Enter saves, even from a list (saisie.js), and focus returns to the first field. The commune is kept.
    """

    qualite = champ_choix(
        "Qualité",
        [
            (Qualite.RESIDENT.value, "habite la Métropole"),
            (Qualite.CONTRIBUABLE.value, "y paie un impôt local"),
        ],
        initial=Qualite.RESIDENT.value,
    )
    malgre_doublon = champ_case(
        "J’ai vérifié : ce n’est pas la même personne", requis=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["prenom"].widget.attrs.update({"autocomplete": "off", "autofocus": True})
        self.fields["nom"].widget.attrs["autocomplete"] = "off"
        self.fields["commune"].widget.attrs["autocomplete"] = "off"
        self.fields["commune"].help_text = ""

    def demander_verification(self) -> None:
        """Show and focus the checkbox that says that the possible duplicate was checked."""
        self.fields["prenom"].widget.attrs.pop("autofocus", None)
        self.fields["malgre_doublon"].widget = forms.CheckboxInput(attrs={"autofocus": True})


class LigneForm(PersonneForm):
    """One line of a sheet of signatures, numbered as on paper: the next one, or one that was deleted."""

    ligne = forms.IntegerField(
        label="Ligne",
        min_value=1,
        max_value=99,
        widget=forms.NumberInput(attrs={"class": "champ-court", "autocomplete": "off"}),
        error_messages={
            "required": "Écrivez le numéro de la ligne.",
            "invalid": "Écrivez le numéro de la ligne.",
        },
    )
    field_order = ("ligne", "prenom", "nom", "commune", "qualite", "malgre_doublon")


class CodeFeuilleForm(forms.Form):
    code = champ_ligne(
        "Code de la feuille",
        "Huit lettres ou chiffres, en haut à droite de la feuille.",
        maximum=20,
        erreur="Recopiez le code de la feuille.",
        attributs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"},
    )

    def clean_code(self) -> str:
        return "".join(self.cleaned_data["code"].split()).replace("-", "").upper()


class EffacerLigneForm(ActeForm):
    ligne = forms.IntegerField(min_value=1)


class ControleForm(forms.Form):
    """Comparison of the drawn lines with the paper."""

    decision = champ_choix(
        "Décision",
        [
            ("valider", "Tout est conforme : valider la feuille"),
            ("renvoyer", "Renvoyer à la saisie"),
            ("rejeter", "Rejeter la feuille"),
        ],
        erreur="Dites ce que vous décidez.",
        boutons=True,
    )
    motif = champ_texte(
        "Motif", "Nécessaire pour renvoyer ou rejeter.", requis=False, maximum=None, lignes=10
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
