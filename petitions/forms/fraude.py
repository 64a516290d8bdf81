"""Forms of the agents about signatures: invalidation criteria, period of the bursts, signatures set aside."""

from datetime import date
from typing import Any

from django import forms

from participation.socle.forms.champs import champ_choix, champ_jour, champ_ligne, champ_texte
from petitions.lectures.referentiel import choix_communes
from petitions.models import Signature


class InvaliderForm(forms.Form):
    """Signatures must meet every criterion given; at least one is needed."""

    CRITERES = ("nom", "domaine", "courriel", "reseau", "commune", "origine", "debut", "fin")

    nom = champ_ligne(
        "Le nom contient",
        "Sans accent ni majuscule.",
        maximum=80,
        requis=False,
        attributs={"autocomplete": "off"},
    )
    domaine = champ_ligne("Domaine du courriel", "Par exemple exemple.fr.", maximum=120, requis=False)
    courriel = champ_ligne(
        "Modèle de courriel",
        "L’étoile remplace n’importe quoi. Par exemple petition*@exemple.fr.",
        maximum=120,
        requis=False,
        attributs={"autocomplete": "off"},
    )
    reseau = champ_ligne("Empreinte du réseau", "Donnée par la page des rafales.", maximum=32, requis=False)
    commune = champ_choix("Commune", lambda: [("", "Toutes"), *choix_communes()], requis=False)
    origine = champ_choix("Origine", [("", "Toutes"), *Signature.Origine.choices], requis=False)
    debut = champ_jour("Demandées à partir du", requis=False)
    fin = champ_jour("Demandées jusqu’au", requis=False)
    motif = champ_texte(
        "Motif",
        "Il reste au journal du dossier.",
        erreur="Dites pourquoi ces signatures ne comptent plus.",
        maximum=None,
        lignes=10,
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
    """Signatures chosen among `numeros`, or all of them, and the decision."""

    signatures = forms.TypedMultipleChoiceField(coerce=int, required=False)
    toutes = forms.BooleanField(required=False)
    vue = forms.IntegerField(required=False, min_value=0)  # key of the last signature when the page was shown
    decision = forms.ChoiceField(choices=[("admettre", "Admettre"), ("rejeter", "Rejeter")])

    def __init__(self, *args: Any, numeros: list[int], rejetees: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.numeros = numeros
        champ, decision = self.fields["signatures"], self.fields["decision"]
        assert isinstance(champ, forms.TypedMultipleChoiceField)  # noqa: S101 for the type checker
        assert isinstance(decision, forms.ChoiceField)  # noqa: S101 as above
        champ.choices = [(n, str(n)) for n in numeros]
        if rejetees:
            decision.choices = [("reexaminer", "Remettre à examiner")]

    def clean(self) -> dict[str, Any]:
        reponses = super().clean() or {}
        if not reponses.get("toutes") and not reponses.get("signatures") and not self.errors:
            self.add_error(None, "Choisissez au moins une signature.")
        return reponses

    @property
    def choisies(self) -> list[int]:
        """Keys of the chosen signatures.

        « Toutes » leaves out those that arrived after the page was shown.
        """
        choisies: list[int] = self.cleaned_data["signatures"]
        if self.cleaned_data["toutes"]:
            derniere = self.cleaned_data["vue"]
            choisies = [n for n in self.numeros if derniere is None or n <= derniere]
        return choisies
