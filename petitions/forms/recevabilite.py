"""Forms of the comité: grid, demandes, decisions."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from participation.socle.forms.actes import ActeForm, demander_texte
from participation.socle.forms.champs import (
    champ_choix,
    champ_courriel,
    champ_jour,
    champ_ligne,
    champ_parmi,
    champ_texte,
)
from participation.socle.francais import majuscule
from participation.socle.models import Direction
from petitions.models import ExamenCritere, MotifIrrecevabilite, Petition

Appreciation = ExamenCritere.Appreciation
JOURS_DE_REPONSE = 15


def jour_de_reponse() -> Any:
    return timezone.localdate() + timedelta(days=JOURS_DE_REPONSE)


class ExaminerForm(ActeForm):
    """Two fields for each criterion: the appréciation of this person, next to those of the others.

    Fields have a hidden initial value, so that only what changed since the page was shown is saved.
    """

    objet: Petition

    def preparer(self) -> None:
        self.criteres = list(self.objet.reglement.criteres.all())
        change_le = self.objet.texte_change_le()
        tous = list(self.objet.examens.select_related("par").order_by("le"))
        examens = {examen.critere_id: examen for examen in tous if self.par and examen.par_id == self.par.pk}
        self.autres = [examen for examen in tous if examen not in examens.values()]
        # Unchanged answers about an older text are saved too: they then apply to the new text.
        self.depasses = {
            critere for critere, examen in examens.items() if change_le is not None and examen.le < change_le
        }
        for critere in self.criteres:
            examen = examens.get(critere.pk)
            self.fields[f"appreciation_{critere.pk}"] = champ_choix(
                "Appréciation",
                [
                    ("", "À examiner"),
                    *((valeur, majuscule(libelle)) for valeur, libelle in Appreciation.choices),
                ],
                requis=False,
                boutons=True,
                initial=examen.appreciation if examen else "",
                show_hidden_initial=True,
            )
            self.fields[f"motif_{critere.pk}"] = champ_texte(
                "Raisons",
                maximum=2000,
                requis=False,
                lignes=2,
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
                "autres": [examen for examen in self.autres if examen.critere_id == critere.pk],
                "est_depasse": critere.pk in self.depasses,
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
            if critere.pk in self.depasses
            or {f"appreciation_{critere.pk}", f"motif_{critere.pk}"} & set(self.changed_data)
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
    date_limite = champ_jour(
        "Réponse attendue le", erreur="Dites pour quand la réponse est attendue.", initial=jour_de_reponse
    )

    def clean_date_limite(self) -> Any:
        jour = self.cleaned_data["date_limite"]
        if jour <= timezone.localdate():
            raise forms.ValidationError("Choisissez un jour à venir.")
        return jour


class DemanderReformulationForm(DateLimiteForm):
    objet: Petition

    texte = champ_texte(
        "Ce qui est à revoir, et pourquoi",
        "L’auteur le lit tel quel. Dites ce qui va, puis ce qui doit changer.",
        maximum=4000,
        erreur="Dites à l’auteur ce qu’il doit revoir.",
    )
    proposition = champ_texte(
        "Une rédaction possible", "L’auteur est libre de la reprendre ou non.", maximum=4000, requis=False
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
    objet = champ_ligne(
        "La question",
        "En une phrase. Par exemple : « La Métropole peut-elle changer ces horaires seule ? ».",
        maximum=160,
        erreur="Posez la question en une phrase.",
    )
    texte = champ_texte(
        "Ce que la direction doit savoir",
        maximum=4000,
        erreur="Dites à la direction ce qu’elle doit savoir pour répondre.",
    )
    field_order = ["directions", "objet", "texte", "date_limite"]


class DeclarerRecevableForm(ActeForm):
    motif = champ_texte(
        "Un mot aux pétitionnaires",
        "Publié avec la décision et repris dans la lettre.",
        lignes=4,
        maximum=2000,
        requis=False,
    )


class DeclarerIrrecevableForm(ActeForm):
    motif_irrecevabilite = champ_parmi(
        "Motif",
        MotifIrrecevabilite.objects.filter(est_actif=True),
        "Son texte est publié. Certains motifs cachent le texte de la pétition.",
        erreur="Choisissez le motif du refus.",
        vide="Choisir dans la liste",
    )
    motif = champ_texte(
        "Les raisons du comité",
        "Publiées avec la décision. Écrivez pour la personne qui a déposé : la raison d’abord, puis ce qu’elle peut faire.",
        maximum=4000,
        erreur="Expliquez la décision : elle est publiée avec ses raisons.",
    )


class TransmettreForm(ActeForm):
    autorite_competente = champ_ligne(
        "Autorité compétente",
        "Par exemple : « Département de l’Isère », « Commune de Vif », « SMMAG ».",
        maximum=160,
        erreur="Dites à quelle autorité la pétition est transmise.",
    )
    courriel = champ_courriel(
        "Son adresse de courriel",
        "La pétition y est envoyée. Sans adresse, envoyez-la vous-même par la poste.",
        requis=False,
    )
    motif = champ_texte(
        "Pourquoi cette autorité",
        "Publié avec la décision et repris dans les lettres.",
        lignes=4,
        maximum=2000,
        requis=False,
    )
