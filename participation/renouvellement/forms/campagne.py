"""What the service is asked about a campaign."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone

from participation.renouvellement.lectures.equilibre import VALEURS
from participation.renouvellement.models import (
    Campagne,
    CollegeCampagne,
    CritereCampagne,
    PartReference,
    QuestionCampagne,
)
from participation.seances.models import Instance
from participation.socle.versions import VersionMixin

TEXTES = ["presentation", "facile", "temps_demande", "soutien"]
REGLES = [
    "titre",
    "designation",
    "ouverture",
    "cloture",
    "mandature_intitule",
    "mandature_debut",
    "mandature_fin",
    *TEXTES,
    "age_minimum",
    "grace_heures",
    "lectures_par_candidature",
    "note_max",
    "a_l_aveugle",
    "comite",
    "reponse_jours",
    "conservation_mois",
    "vivier_mois",
    "purge_jours",
    "courriels_max",
    "demandes_par_heure",
]


class ReglesForm(VersionMixin, forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Campagne
        fields = REGLES
        widgets = {**{champ: forms.Textarea(attrs={"rows": 5}) for champ in TEXTES}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ = self.fields["comite"]
        assert isinstance(champ, forms.ModelChoiceField)  # noqa: S101 says to the type checker what it is
        champ.queryset = Instance.objects.filter(est_active=True)
        champ.empty_label = "Aucune"
        self.surveiller(self.instance, TEXTES)

    def _post_clean(self) -> None:
        """The action validates the row it has locked: the instance of the page stays what was read."""
        self.regles = {c: v for c, v in self.cleaned_data.items() if c != "vu"}

    def save(self, commit: bool = True) -> Any:
        raise NotImplementedError("Les actions enregistrent.")


class PreparerForm(ReglesForm):
    choisie = forms.ModelChoiceField(
        label="Instance à renouveler",
        queryset=Instance.objects.filter(est_active=True),
        empty_label="Choisir dans la liste",
        error_messages={"required": "Choisissez l’instance à renouveler."},
    )
    field_order = ["choisie", *REGLES]


class AmenderForm(VersionMixin, forms.Form):
    presentation = forms.CharField(label="Ce que c’est", max_length=4000, widget=forms.Textarea)
    facile = forms.CharField(
        label="En bref, facile à lire", max_length=2000, required=False, widget=forms.Textarea
    )
    temps_demande = forms.CharField(label="Le temps demandé", max_length=1000, widget=forms.Textarea)
    soutien = forms.CharField(label="L’aide proposée", max_length=1000, required=False, widget=forms.Textarea)
    motif = forms.CharField(
        label="Pourquoi corriger", max_length=300, help_text="Écrit dans le journal, avec l’ancien texte."
    )

    def __init__(self, *args: Any, campagne: Campagne, **kwargs: Any) -> None:
        kwargs["initial"] = {c: getattr(campagne, c) for c in TEXTES}
        super().__init__(*args, **kwargs)
        self.surveiller(campagne, TEXTES)


class ProlongerForm(forms.Form):
    cloture = forms.DateField(
        label="Nouveau dernier jour",
        help_text="L’appel se ferme ce jour-là à minuit.",
        widget=forms.DateInput(attrs={"class": "champ-court"}),
        error_messages={"required": "Donnez la nouvelle date."},
    )
    motif = forms.CharField(
        label="Pourquoi prolonger", max_length=300, error_messages={"required": "Dites pourquoi."}
    )


class AbandonnerForm(forms.Form):
    motif = forms.CharField(
        label="Pourquoi abandonner",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Les personnes qui ont candidaté lisent ces mots.",
        error_messages={"required": "Dites pourquoi : les personnes qui ont candidaté le liront."},
    )


class PartsForm(forms.Form):
    """One number for each group; empty when it is not known."""

    def __init__(self, *args: Any, campagne: Campagne, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        connues = {(p.dimension, p.valeur): p.pourcent for p in campagne.parts.all()}
        self.cles: dict[str, tuple[str, str]] = {}
        for dimension in PartReference.Dimension.values:
            for valeur, libelle in VALEURS[dimension]:
                nom = f"{dimension}_{valeur}"
                self.cles[nom] = (dimension, valeur)
                self.fields[nom] = forms.DecimalField(
                    label=f"{libelle.capitalize()} (%)",
                    required=False,
                    min_value=Decimal(0),
                    max_value=Decimal(100),
                    decimal_places=1,
                    max_digits=4,
                    localize=True,
                    initial=connues.get((dimension, valeur)),
                    widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "champ-court"}),
                )
        self.fields["source_parts"] = forms.CharField(
            label="D’où viennent ces parts",
            required=False,
            max_length=600,
            initial=campagne.source_parts,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text="Par exemple le recensement, son année, son adresse. Sans source, rien n’est comparé.",
        )

    @property
    def parts(self) -> dict[tuple[str, str], Decimal | None]:
        return {cle: self.cleaned_data[nom] for nom, cle in self.cles.items()}


def _lignes(modele: type[Any], champs: list[str], **options: Any) -> type[Any]:
    return forms.inlineformset_factory(
        Campagne,
        modele,
        fields=champs,
        extra=2,
        can_delete=True,
        can_delete_extra=False,
        max_num=40,
        validate_max=True,
        **options,
    )


CollegesFormSet = _lignes(
    CollegeCampagne,
    ["nom", "ordre", "nature", "mode", "sieges", "avec_suppleants", "exclut_elus", "a_le_vote", "conditions"],
)
QuestionsFormSet = _lignes(QuestionCampagne, ["libelle", "aide", "ordre", "est_requise"])
CriteresFormSet = _lignes(CritereCampagne, ["libelle", "aide", "ordre", "poids"])


class NommerForm(forms.Form):
    deliberation = forms.CharField(
        label="Numéro de la délibération",
        max_length=160,
        error_messages={"required": "Donnez le numéro de la délibération du conseil."},
    )
    date_deliberation = forms.DateField(
        label="Date de la délibération",
        widget=forms.DateInput(attrs={"class": "champ-court"}),
        error_messages={"required": "Donnez la date de la délibération."},
    )

    def clean_date_deliberation(self) -> Any:
        le = self.cleaned_data["date_deliberation"]
        if le > timezone.localdate():
            raise forms.ValidationError("Cette date est à venir : nommez quand la délibération est prise.")
        return le


class InstallerForm(forms.Form):
    le = forms.DateField(
        label="Installée le",
        initial=timezone.localdate,
        widget=forms.DateInput(attrs={"class": "champ-court"}),
        error_messages={"required": "Donnez le jour de la séance d’installation."},
    )


class EtapeForm(forms.Form):
    libelle = forms.CharField(
        label="Étape", max_length=160, error_messages={"required": "Écrivez ce qui est à faire."}
    )
    aide = forms.CharField(label="Précision", max_length=300, required=False)


class EffacerForm(forms.Form):
    visa = forms.CharField(
        label="Numéro de visa du bordereau d’élimination",
        max_length=80,
        help_text="Donné par les archives. Il reste dans le journal.",
        error_messages={"required": "Donnez le numéro de visa : sans lui, rien n’est effacé."},
    )
    confirme = forms.BooleanField(
        label="J’ai compris : ces données ne pourront pas être retrouvées",
        error_messages={"required": "Cochez cette case pour confirmer l’effacement."},
    )
