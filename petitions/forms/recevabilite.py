"""What the comité writes: its grid, its requests, its decisions."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from participation.socle.forms.actes import ActeForm, demander_texte
from participation.socle.models import Direction
from petitions.models import ExamenCritere, MotifIrrecevabilite, Petition

Appreciation = ExamenCritere.Appreciation
JOURS_DE_REPONSE = 15


def jour_de_reponse() -> Any:
    return timezone.localdate() + timedelta(days=JOURS_DE_REPONSE)


class ExaminerForm(ActeForm):
    """One pair of fields a criterion. What the page showed goes with it, so that two members never undo one another."""

    objet: Petition

    def preparer(self) -> None:
        self.criteres = list(self.objet.reglement.criteres.all())
        examens = {examen.critere_id: examen for examen in self.objet.examens.select_related("par")}
        for critere in self.criteres:
            examen = examens.get(critere.pk)
            self.fields[f"appreciation_{critere.pk}"] = forms.ChoiceField(
                label="Appréciation",
                choices=[
                    ("", "À examiner"),
                    *((valeur, libelle.capitalize()) for valeur, libelle in Appreciation.choices),
                ],
                widget=forms.RadioSelect,
                required=False,
                initial=examen.appreciation if examen else "",
                show_hidden_initial=True,
            )
            self.fields[f"motif_{critere.pk}"] = forms.CharField(
                label="Raisons",
                widget=forms.Textarea(attrs={"rows": 2}),
                required=False,
                max_length=2000,
                initial=examen.motif if examen else "",
                show_hidden_initial=True,
            )

    def lignes(self) -> list[dict[str, Any]]:
        return [
            {
                "critere": critere,
                "appreciation": self[f"appreciation_{critere.pk}"],
                "motif": self[f"motif_{critere.pk}"],
                "vue": self[f"appreciation_{critere.pk}"].as_hidden(only_initial=True),
            }
            for critere in self.criteres
        ]

    def clean(self) -> dict[str, Any]:
        reponses = super().clean() or {}
        for critere in self.criteres:
            appreciation = reponses.get(f"appreciation_{critere.pk}", "")
            a_motiver = appreciation in {Appreciation.NON_REMPLI, Appreciation.A_REFORMULER}
            if a_motiver and not reponses.get(f"motif_{critere.pk}"):
                self.add_error(f"motif_{critere.pk}", f"Dites pourquoi, pour le critère « {critere} ».")
        appreciations = {
            critere.pk: (
                reponses.get(f"appreciation_{critere.pk}", ""),
                reponses.get(f"motif_{critere.pk}", ""),
            )
            for critere in self.criteres
            if {f"appreciation_{critere.pk}", f"motif_{critere.pk}"} & set(self.changed_data)
        }
        return {"appreciations": appreciations}


SeDeporterForm = demander_texte(
    "Pourquoi",
    aide="Si vous voulez. Seuls les agents du service le lisent.",
    maximum=200,
    lignes=1,
    facultatif=True,
)


class DateLimiteForm(ActeForm):
    date_limite = forms.DateField(
        label="Réponse attendue le",
        initial=jour_de_reponse,
        error_messages={"required": "Dites pour quand la réponse est attendue."},
    )

    def clean_date_limite(self) -> Any:
        jour = self.cleaned_data["date_limite"]
        if jour <= timezone.localdate():
            raise forms.ValidationError("Choisissez un jour à venir.")
        return jour


class DemanderReformulationForm(DateLimiteForm):
    objet: Petition

    texte = forms.CharField(
        label="Ce qui est à revoir, et pourquoi",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="L’auteur le lit tel quel. Dites ce qui va, puis ce qui doit changer.",
        error_messages={"required": "Dites à l’auteur ce qu’il doit revoir."},
    )
    proposition = forms.CharField(
        label="Une rédaction possible",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="L’auteur est libre de la reprendre ou non.",
    )
    field_order = ["texte", "proposition", "date_limite"]

    def initiales(self) -> Mapping[str, Any]:
        a_revoir = self.objet.examens.filter(appreciation=Appreciation.A_REFORMULER).select_related("critere")
        return {
            "texte": "\n\n".join(f"{examen.critere} : {examen.motif}" for examen in a_revoir),
            "proposition": self.objet.demande,
        }


class DemanderAvisForm(DateLimiteForm):
    directions = forms.ModelMultipleChoiceField(
        label="Directions consultées",
        queryset=Direction.objects.filter(est_active=True),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choisissez au moins une direction."},
    )
    objet = forms.CharField(
        label="La question",
        max_length=160,
        help_text="En une phrase. Par exemple : « La Métropole peut-elle changer ces horaires seule ? ».",
        error_messages={"required": "Posez la question en une phrase."},
    )
    texte = forms.CharField(
        label="Ce que la direction doit savoir",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Dites à la direction ce qu’elle doit savoir pour répondre."},
    )
    field_order = ["directions", "objet", "texte", "date_limite"]


class DeclarerRecevableForm(ActeForm):
    motif = forms.CharField(
        label="Un mot aux pétitionnaires",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Publié avec la décision et repris dans la lettre.",
    )


class DeclarerIrrecevableForm(ActeForm):
    motif_irrecevabilite = forms.ModelChoiceField(
        label="Motif",
        queryset=MotifIrrecevabilite.objects.filter(est_actif=True),
        empty_label="Choisir dans la liste",
        help_text="Son texte est publié. Certains motifs cachent le texte de la pétition.",
        error_messages={"required": "Choisissez le motif du refus."},
    )
    motif = forms.CharField(
        label="Les raisons du comité",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Publiées avec la décision. Écrivez pour la personne qui a déposé : la raison d’abord, puis ce qu’elle peut faire.",
        error_messages={"required": "Expliquez la décision : elle est publiée avec ses raisons."},
    )


class TransmettreForm(ActeForm):
    autorite_competente = forms.CharField(
        label="Autorité compétente",
        max_length=160,
        help_text="Par exemple : « Département de l’Isère », « Commune de Vif », « SMMAG ».",
        error_messages={"required": "Dites à quelle autorité la pétition est transmise."},
    )
    courriel = forms.EmailField(
        label="Son adresse de courriel",
        required=False,
        help_text="La pétition y est envoyée. Sans adresse, envoyez-la vous-même par la poste.",
        error_messages={"invalid": "Cette adresse de courriel n’est pas complète."},
    )
    motif = forms.CharField(
        label="Pourquoi cette autorité",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Publié avec la décision et repris dans les lettres.",
    )
