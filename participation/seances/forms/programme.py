"""Forms of the programme of the year."""

from collections.abc import Mapping
from typing import Any

from crispy_forms.layout import Row
from django import forms

from participation.seances.forms.instances import plan
from participation.seances.models import Point, Recurrence, Seance
from participation.seances.workflow import A_VENIR
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_case, champ_choix, champ_jour, champ_ligne, champ_parmi
from participation.socle.francais import MOIS, jour_texte, majuscule
from participation.socle.models import Direction

# Not « approbation » nor « decision »: these points come from a procès-verbal or a dossier, not a year ahead.
NATURES = [
    (nature.value, majuscule(nature.label))
    for nature in (Point.Nature.PRISE_ACTE, Point.Nature.AVIS, Point.Nature.INFORMATION, Point.Nature.DIVERS)
]


class PointMixin(ActeForm):
    titre = champ_ligne("Titre", maximum=160, erreur="Donnez un titre à ce point.")
    nature = champ_choix("Nature", NATURES)
    direction = champ_parmi(
        "Direction",
        Direction.objects.filter(est_active=True),
        "Elle prépare le point, et reçoit le programme par courriel.",
        requis=False,
        vide="Aucune",
    )


class RecurrenceForm(PointMixin):
    mois = forms.TypedChoiceField(
        label="Mois habituel",
        coerce=int,
        choices=[(n, majuscule(mois)) for n, mois in enumerate(MOIS, start=1)],
    )
    fondement = champ_ligne("Fondement", "Article, délibération.", maximum=200, requis=False)
    est_active = champ_case(
        "Ce point revient chaque année",
        "Décochez pour arrêter : les années déjà préparées ne changent pas.",
        requis=False,
        initial=True,
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
    date_prevue = champ_jour("Prévu vers le", erreur="Dites vers quel jour ce point est prévu.")


class DeplacerForm(ActeForm):
    vers = champ_jour("Nouveau jour", erreur="Dites vers quel jour ce point est déplacé.")
    motif = champ_ligne(
        "Pourquoi",
        "La direction le lit, et il reste dans l’historique.",
        maximum=200,
        erreur="Dites pourquoi ce point est déplacé.",
    )

    def initiales(self) -> Mapping[str, Any]:
        return {"vers": self.objet.date_prevue}


class AbandonnerForm(ActeForm):
    motif = champ_ligne(
        "Pourquoi",
        "La direction le lit, et il reste dans le programme.",
        maximum=200,
        erreur="Dites pourquoi ce point ne sera pas présenté.",
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
