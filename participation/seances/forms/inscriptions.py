"""What is asked of who registers for a visit or a training, and of the agent who keeps the list."""

from typing import Any

from django import forms

from participation.seances.models import Membre, Profil, Seance

ETOILES = [(5, "5, très utile"), (4, "4"), (3, "3"), (2, "2"), (1, "1, peu utile")]


class InscrireForm(forms.Form):
    besoins = forms.MultipleChoiceField(
        label="De quoi avez-vous besoin pour venir ?",
        choices=Profil.Besoin.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    precisions = forms.CharField(
        label="Précisions",
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Lues par les agents du service seulement.",
    )


class AjouterForm(InscrireForm):
    """An agent registers somebody who called."""

    field_order = ("membre", "besoins", "precisions")
    membre = forms.ModelChoiceField(label="Membre", queryset=Membre.objects.none())

    def __init__(self, *args: Any, seance: Seance, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        membre: Any = self.fields["membre"]
        membre.queryset = (
            Membre.objects.de_l_instance(seance.instance)
            .en_fonction()
            .exclude(pk__in=seance.inscriptions.exclude(etat="annulee").values("membre"))
            .select_related("compte", "college")
            .order_by("compte__nom", "compte__prenom")
        )
        membre.label_from_instance = lambda m: f"{m} ({m.college})"
        self.fields["besoins"].label = "Besoins"


class RetourForm(forms.Form):
    note = forms.TypedChoiceField(
        label="Cette rencontre vous a-t-elle été utile ?",
        choices=ETOILES,
        coerce=int,
        widget=forms.RadioSelect,
    )
    retour = forms.CharField(
        label="Ce que vous en retenez, ce qui manquait",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
