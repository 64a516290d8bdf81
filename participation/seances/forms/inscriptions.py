"""What is asked of who registers for a visit or a training, and of the agent who keeps the list."""

from collections.abc import Mapping
from typing import Any

from django import forms

from participation.seances.models import Membre, Profil
from participation.socle.forms.actes import ActeForm

ETOILES = [(5, "5, très utile"), (4, "4"), (3, "3"), (2, "2"), (1, "1, peu utile")]


class InscrireForm(ActeForm):
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

    def initiales(self) -> Mapping[str, Any]:
        """What the person usually needs."""
        profil = Profil.objects.filter(compte__sieges=self.objet.membre_id).first()
        return {"besoins": profil.besoins if profil else []}


class AjouterForm(InscrireForm):
    """An agent registers somebody who called."""

    field_order = ("membre", "besoins", "precisions")
    membre = forms.ModelChoiceField(label="Membre", queryset=Membre.objects.none())

    def initiales(self) -> Mapping[str, Any]:
        return {}

    def preparer(self) -> None:
        champ: Any = self.fields["membre"]
        seance = self.objet.seance
        inscrits = seance.inscriptions.exclude(etat="annulee").values("membre")
        possibles = Membre.objects.de_l_instance(seance.instance).en_fonction().exclude(pk__in=inscrits)
        self.choisir(
            "membre", possibles.select_related("compte", "college").order_by("compte__nom", "compte__prenom")
        )
        champ.label_from_instance = lambda m: f"{m} ({m.college})"
        self.fields["besoins"].label = "Besoins"


class RetourForm(ActeForm):
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

    def initiales(self) -> Mapping[str, Any]:
        return {"note": self.objet.note, "retour": self.objet.retour}
