"""What is asked about the year's programme of work."""

from collections.abc import Mapping
from typing import Any

from crispy_forms.layout import Row
from django import forms

from participation.seances.forms.instances import plan
from participation.seances.models import Point, Recurrence, Seance
from participation.seances.workflow import A_VENIR
from participation.socle.forms.actes import ActeForm
from participation.socle.francais import MOIS, jour_texte
from participation.socle.models import Direction

# A procès-verbal to approve and a decision on dossiers are put on an agenda by what they speak of, not a year ahead.
NATURES = [
    (nature.value, str(nature.label).capitalize())
    for nature in (Point.Nature.PRISE_ACTE, Point.Nature.AVIS, Point.Nature.INFORMATION, Point.Nature.DIVERS)
]


class PointMixin(ActeForm):
    titre = forms.CharField(
        label="Titre", max_length=160, error_messages={"required": "Donnez un titre à ce point."}
    )
    nature = forms.ChoiceField(label="Nature", choices=NATURES)
    direction = forms.ModelChoiceField(
        label="Direction",
        queryset=Direction.objects.filter(est_active=True),
        required=False,
        empty_label="Aucune",
        help_text="Elle prépare le point, et reçoit le programme par courriel.",
    )


class RecurrenceForm(PointMixin):
    mois = forms.TypedChoiceField(
        label="Mois habituel",
        coerce=int,
        choices=[(n, mois.capitalize()) for n, mois in enumerate(MOIS, start=1)],
    )
    fondement = forms.CharField(
        label="Fondement", max_length=200, required=False, help_text="Article, délibération."
    )
    est_active = forms.BooleanField(
        label="Ce point revient chaque année",
        required=False,
        initial=True,
        help_text="Décochez pour arrêter : les années déjà préparées ne changent pas.",
    )

    def initiales(self) -> Mapping[str, Any]:
        if not isinstance(self.objet, Recurrence):
            return {}
        champs = ("titre", "nature", "direction", "mois", "fondement", "est_active")
        return {nom: getattr(self.objet, nom) for nom in champs}

    def preparer(self) -> None:
        suite = ["fondement", "est_active"]
        if not isinstance(self.objet, Recurrence):
            del self.fields[suite.pop()]
        self.helper = plan(self, "titre", Row("nature", "mois"), "direction", *suite)


class PrevisionForm(PointMixin):
    date_prevue = forms.DateField(
        label="Prévu vers le", error_messages={"required": "Dites vers quel jour ce point est prévu."}
    )


class DeplacerForm(ActeForm):
    vers = forms.DateField(
        label="Nouveau jour", error_messages={"required": "Dites vers quel jour ce point est déplacé."}
    )
    motif = forms.CharField(
        label="Pourquoi",
        max_length=200,
        help_text="La direction le lit, et il reste dans l’historique.",
        error_messages={"required": "Dites pourquoi ce point est déplacé."},
    )

    def initiales(self) -> Mapping[str, Any]:
        return {"vers": self.objet.date_prevue}


class AbandonnerForm(ActeForm):
    motif = forms.CharField(
        label="Pourquoi",
        max_length=200,
        help_text="La direction le lit, et il reste dans le programme.",
        error_messages={"required": "Dites pourquoi ce point ne sera pas présenté."},
    )


class SeanceChamp(forms.ModelChoiceField):  # type: ignore[type-arg]  # not subscriptable at run time
    def label_from_instance(self, obj: Seance) -> str:
        return f"{jour_texte(obj.debut, 'long')}, {obj.titre}"


class InscrireForm(ActeForm):
    seance = SeanceChamp(
        label="Séance",
        queryset=Seance.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez une séance."},
    )

    def preparer(self) -> None:
        self.choisir(
            "seance",
            self.objet.instance.seances.filter(etat__in=A_VENIR, nature__in=Seance.DELIBERANTES).order_by(
                "debut"
            ),
        )
