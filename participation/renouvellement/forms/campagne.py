"""What the service is asked about a campaign."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar

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
from participation.socle.forms.actes import ActeForm, demander_texte

TEXTES = ("presentation", "facile", "temps_demande", "soutien")
REGLES = [
    "titre",
    "denomination",
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


class _ReglesForm(ActeForm, forms.ModelForm):  # type: ignore[type-arg]  # ModelForm takes no argument when it runs
    class Meta:
        model = Campagne
        fields = REGLES
        widgets = {**{champ: forms.Textarea(attrs={"rows": 5}) for champ in TEXTES}}

    def preparer(self) -> None:
        self.choisir("comite", Instance.objects.filter(est_active=True))
        comite: Any = self.fields["comite"]
        comite.empty_label = "Aucune"

    def _post_clean(self) -> None:
        """The action validates the row it has locked."""


class ReglesForm(_ReglesForm):
    SURVEILLES = TEXTES

    def initiales(self) -> Mapping[str, Any]:
        return forms.model_to_dict(self.objet, REGLES)


class PreparerForm(_ReglesForm):
    choisie = forms.ModelChoiceField(
        label="Instance à renouveler",
        queryset=Instance.objects.filter(est_active=True),
        empty_label="Choisir dans la liste",
        error_messages={"required": "Choisissez l’instance à renouveler."},
    )
    field_order = ["choisie", *REGLES]


class AmenderForm(ActeForm):
    SURVEILLES = TEXTES

    presentation = forms.CharField(label="Ce que c’est", max_length=4000, widget=forms.Textarea)
    facile = forms.CharField(
        label="En bref, facile à lire", max_length=2000, required=False, widget=forms.Textarea
    )
    temps_demande = forms.CharField(label="Le temps demandé", max_length=1000, widget=forms.Textarea)
    soutien = forms.CharField(label="L’aide proposée", max_length=1000, required=False, widget=forms.Textarea)
    motif = forms.CharField(
        label="Pourquoi corriger", max_length=300, help_text="Écrit dans le journal, avec l’ancien texte."
    )


class ProlongerForm(ActeForm):
    cloture = forms.DateField(
        label="Nouveau dernier jour",
        help_text="L’appel se ferme ce jour-là à minuit.",
        widget=forms.DateInput(attrs={"class": "champ-court"}),
        error_messages={"required": "Donnez la nouvelle date."},
    )
    motif = forms.CharField(
        label="Pourquoi prolonger", max_length=300, error_messages={"required": "Dites pourquoi."}
    )


AbandonnerForm = demander_texte(
    "Pourquoi abandonner",
    aide="Les personnes qui ont candidaté lisent ces mots.",
    maximum=1000,
    lignes=4,
    erreur="Dites pourquoi : les personnes qui ont candidaté le liront.",
)


class PartsForm(ActeForm):
    """One number for each group; empty when it is not known."""

    def preparer(self) -> None:
        connues = {(p.dimension, p.valeur): p.pourcent for p in self.objet.parts.all()}
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
            initial=self.objet.source_parts,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text="Par exemple le recensement, son année, son adresse. Sans source, rien n’est comparé.",
        )

    def clean(self) -> dict[str, Any]:
        lus = self.cleaned_data
        parts = {cle: lus.get(nom) for nom, cle in self.cles.items()}
        return {"parts": parts, "source": lus.get("source_parts", "")}


class LignesForm(ActeForm):
    """The lines of a campaign that come by several: the action keeps what the formset holds."""

    quoi: ClassVar[str]
    modele: ClassVar[type[Any]]
    champs: ClassVar[Sequence[str]]

    def preparer(self) -> None:
        classe: Any = forms.inlineformset_factory(
            Campagne,
            self.modele,
            fields=self.champs,
            extra=2,
            can_delete=True,
            can_delete_extra=False,
            max_num=40,
            validate_max=True,
        )
        self.formset = classe(self.data if self.is_bound else None, instance=self.objet, prefix=self.quoi)

    def is_valid(self) -> bool:
        return self.formset.is_valid() and super().is_valid()

    def clean(self) -> dict[str, Any]:
        return {"enregistrer": self.formset.save}


class CollegesForm(LignesForm):
    quoi = "colleges"
    modele = CollegeCampagne
    champs = (
        "nom",
        "ordre",
        "nature",
        "mode",
        "sieges",
        "avec_suppleants",
        "exclut_elus",
        "a_le_vote",
        "conditions",
    )


class QuestionsForm(LignesForm):
    quoi = "questions"
    modele = QuestionCampagne
    champs = ("libelle", "aide", "ordre", "est_requise")


class CriteresForm(LignesForm):
    quoi = "criteres"
    modele = CritereCampagne
    champs = ("libelle", "aide", "ordre", "poids")


class NommerForm(ActeForm):
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


class InstallerForm(ActeForm):
    le = forms.DateField(
        label="Installée le",
        initial=timezone.localdate,
        widget=forms.DateInput(attrs={"class": "champ-court"}),
        error_messages={"required": "Donnez le jour de la séance d’installation."},
    )


class EtapeForm(ActeForm):
    libelle = forms.CharField(
        label="Étape", max_length=160, error_messages={"required": "Écrivez ce qui est à faire."}
    )
    aide = forms.CharField(label="Précision", max_length=300, required=False)


class CocherForm(ActeForm):
    faite = forms.BooleanField(required=False)


class EffacerForm(ActeForm):
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
