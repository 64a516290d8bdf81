"""Forms of a campaign."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.utils import timezone

from participation.renouvellement.actions.campagne import TEXTES
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
from participation.socle.forms.champs import champ_case, champ_jour, champ_ligne, champ_parmi, champ_texte
from participation.socle.francais import majuscule

REGLES = [
    "titre",
    "denomination",
    "nomme_par",
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
        widgets = {champ: forms.Textarea(attrs={"rows": 5}) for champ in TEXTES}

    def preparer(self) -> None:
        self.choisir("comite", Instance.objects.filter(est_active=True))
        comite: Any = self.fields["comite"]
        comite.empty_label = "Aucune"

    def _post_clean(self) -> None:
        """Skip the validation of the instance: the action validates the locked row."""


class ReglesForm(_ReglesForm):
    SURVEILLES = TEXTES

    def initiales(self) -> Mapping[str, Any]:
        return forms.model_to_dict(self.objet, REGLES)


class PreparerForm(_ReglesForm):
    choisie = champ_parmi(
        "Instance à renouveler",
        Instance.objects.filter(est_active=True),
        erreur="Choisissez l’instance à renouveler.",
        vide="Choisir dans la liste",
    )
    field_order = ["choisie", *REGLES]


class AmenderForm(ActeForm):
    SURVEILLES = TEXTES

    presentation = champ_texte("Ce que c’est", maximum=4000, lignes=10)
    facile = champ_texte("En bref, facile à lire", maximum=2000, requis=False, lignes=10)
    temps_demande = champ_texte("Le temps demandé", maximum=1000, lignes=10)
    soutien = champ_texte("L’aide proposée", maximum=1000, requis=False, lignes=10)
    motif = champ_ligne("Pourquoi corriger", "Écrit dans le journal, avec l’ancien texte.", maximum=300)


class ProlongerForm(ActeForm):
    cloture = champ_jour(
        "Nouveau dernier jour",
        "L’appel se ferme ce jour-là à minuit.",
        erreur="Donnez la nouvelle date.",
        court=True,
    )
    motif = champ_ligne("Pourquoi prolonger", maximum=300, erreur="Dites pourquoi.")


AbandonnerForm = demander_texte(
    "Pourquoi abandonner",
    aide="Les personnes qui ont candidaté lisent ces mots.",
    maximum=1000,
    lignes=4,
    erreur="Dites pourquoi : les personnes qui ont candidaté le liront.",
)


class PartsForm(ActeForm):
    """One percentage per group; empty for unknown."""

    def preparer(self) -> None:
        connues = {(p.dimension, p.valeur): p.pourcent for p in self.objet.parts.all()}
        self.cles: dict[str, tuple[str, str]] = {}
        for dimension in PartReference.Dimension.values:
            for valeur, libelle in VALEURS[dimension]:
                nom = f"{dimension}_{valeur}"
                self.cles[nom] = (dimension, valeur)
                self.fields[nom] = forms.DecimalField(
                    label=f"{majuscule(libelle)} (%)",
                    required=False,
                    min_value=Decimal(0),
                    max_value=Decimal(100),
                    decimal_places=1,
                    max_digits=4,
                    localize=True,
                    initial=connues.get((dimension, valeur)),
                    widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "champ-court"}),
                )
        self.fields["source_parts"] = champ_texte(
            "D’où viennent ces parts",
            "Par exemple le recensement, son année, son adresse. Sans source, rien n’est comparé.",
            maximum=600,
            requis=False,
            lignes=3,
            initial=self.objet.source_parts,
        )

    def clean(self) -> dict[str, Any]:
        lus = self.cleaned_data
        parts = {cle: lus.get(nom) for nom, cle in self.cles.items()}
        return {"parts": parts, "source": lus.get("source_parts", "")}


class LignesForm(ActeForm):
    """Rows of a campaign, in a formset that the action saves."""

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
    deliberation = champ_ligne(
        "Numéro de la délibération", maximum=160, erreur="Donnez le numéro de la délibération."
    )
    date_deliberation = champ_jour(
        "Date de la délibération", erreur="Donnez la date de la délibération.", court=True
    )

    def clean_date_deliberation(self) -> Any:
        le = self.cleaned_data["date_deliberation"]
        if le > timezone.localdate():
            raise forms.ValidationError("Cette date est à venir : nommez quand la délibération est prise.")
        return le


class InstallerForm(ActeForm):
    le = champ_jour(
        "Installée le",
        erreur="Donnez le jour de la séance d’installation.",
        court=True,
        initial=timezone.localdate,
    )


class EtapeForm(ActeForm):
    libelle = champ_ligne("Étape", maximum=160, erreur="Écrivez ce qui est à faire.")
    aide = champ_ligne("Précision", maximum=300, requis=False)


class CocherForm(ActeForm):
    faite = forms.BooleanField(required=False)


class EffacerForm(ActeForm):
    visa = champ_ligne(
        "Numéro de visa du bordereau d’élimination",
        "Donné par les archives. Il reste dans le journal.",
        maximum=80,
        erreur="Donnez le numéro de visa : sans lui, rien n’est effacé.",
    )
    confirme = champ_case(
        "J’ai compris : ces données ne pourront pas être retrouvées",
        erreur="Cochez cette case pour confirmer l’effacement.",
    )
