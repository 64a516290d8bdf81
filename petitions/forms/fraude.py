"""What an agent asks of the signatures: criteria of an invalidation, a window of time."""

from datetime import date
from typing import Any

from django import forms

from petitions.lectures.referentiel import choix_communes
from petitions.models import Signature


class InvaliderForm(forms.Form):
    """Every criterion given must be met. At least one."""

    CRITERES = ("nom", "domaine", "courriel", "reseau", "commune", "origine", "debut", "fin")

    nom = forms.CharField(
        label="Le nom contient", required=False, max_length=80, help_text="Sans accent ni majuscule."
    )
    domaine = forms.CharField(
        label="Domaine du courriel", required=False, max_length=120, help_text="Par exemple exemple.fr."
    )
    courriel = forms.CharField(
        label="Modèle de courriel",
        required=False,
        max_length=120,
        help_text="L’étoile remplace n’importe quoi. Par exemple petition*@exemple.fr.",
    )
    reseau = forms.CharField(
        label="Empreinte du réseau",
        required=False,
        max_length=32,
        help_text="Donnée par la page des rafales.",
    )
    commune = forms.ChoiceField(
        label="Commune", required=False, choices=lambda: [("", "Toutes"), *choix_communes()]
    )
    origine = forms.ChoiceField(
        label="Origine", required=False, choices=[("", "Toutes"), *Signature.Origine.choices]
    )
    debut = forms.DateField(label="Demandées à partir du", required=False)
    fin = forms.DateField(label="Demandées jusqu’au", required=False)
    motif = forms.CharField(
        label="Motif",
        widget=forms.Textarea,
        help_text="Il reste au journal du dossier.",
        error_messages={"required": "Dites pourquoi ces signatures ne comptent plus."},
    )

    def clean(self) -> dict[str, Any]:
        reponses = super().clean() or {}
        debut, fin = reponses.get("debut"), reponses.get("fin")
        if isinstance(debut, date) and isinstance(fin, date) and fin < debut:
            self.add_error("fin", "La fin précède le début.")
        return reponses

    @property
    def criteres(self) -> dict[str, Any]:
        return {cle: self.cleaned_data[cle] for cle in self.CRITERES}


class PeriodeForm(forms.Form):
    heures = forms.TypedChoiceField(
        label="Période",
        coerce=int,
        choices=[(1, "Dernière heure"), (24, "Dernières 24 heures"), (168, "Sept derniers jours")],
        initial=24,
    )
    minimum = forms.IntegerField(label="À partir de", min_value=2, max_value=10_000, initial=10)


class SignaturesEcarteesForm(forms.Form):
    """The set-aside signatures chosen, and what to do of them."""

    signatures = forms.TypedMultipleChoiceField(
        coerce=int, error_messages={"required": "Choisissez au moins une signature."}
    )
    decision = forms.ChoiceField(choices=[("admettre", "Admettre"), ("rejeter", "Rejeter")])

    def __init__(self, *args: Any, numeros: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ = self.fields["signatures"]
        assert isinstance(champ, forms.TypedMultipleChoiceField)  # noqa: S101 says to the type checker what it is
        champ.choices = [(n, str(n)) for n in numeros]
