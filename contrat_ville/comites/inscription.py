"""Comités: projets put on the agenda of a séance, one by one, in a lot, or from the ranked list; their forms."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db import transaction

from contrat_ville.comites.lectures import a_inscrire, seances_de, seances_pour
from contrat_ville.models import Projet
from participation.seances.models import Point, Seance
from participation.seances.ordre_du_jour.actes import ajouter_point
from participation.socle.actions import exiger, verrouiller
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_choix
from participation.socle.francais import heure, jour_texte, majuscule
from participation.socle.models import Compte
from participation.socle.views.pages import Page, acte

MINUTES_PAR_PROJET = 5


class ChampSeance(forms.ModelChoiceField):  # type: ignore[type-arg]  # not subscriptable at run time
    """Choice of a séance, labelled by its comité and its date."""

    def label_from_instance(self, obj: Any) -> str:
        titre = "" if obj.titre == obj.instance.sigle else f" : {obj.titre}"
        return f"{obj.instance.sigle}, {jour_texte(obj.debut)}{titre}"


class InscrireForm(ActeForm):
    objet: Projet

    seance = ChampSeance(
        label="À quelle séance",
        queryset=None,
        empty_label=None,
        error_messages={
            "required": "Choisissez une séance.",
            "invalid_choice": "Cette séance n’est plus à venir.",
        },
    )

    def preparer(self) -> None:
        self.choisir("seance", seances_pour(self.objet))


@acte(
    Page[Projet](
        form=InscrireForm,
        consequence="Le projet devient un point de l’ordre du jour. Plusieurs projets s’inscrivent ensemble depuis la page du comité.",
        succes=lambda _, point: f"À l’ordre du jour du {jour_texte(point.seance.debut)}.",
    )
)
@transaction.atomic
def inscrire_au_comite(projet: Projet, *, par: Compte, seance: Seance) -> Point:
    """Put the projet on the agenda. Raises ErreurMetier when it is already on one, or not for this comité."""
    (point,) = remplir_le_comite(seance, [projet], par=par)
    return point


@transaction.atomic
def remplir_le_comite(
    seance: Seance, projets: Iterable[Projet], *, par: Compte, par_axe: bool = False
) -> list[Point]:
    """Put projets on the agenda in this order, one point per projet or per axe. All of them or none."""
    verrouiller(seance)  # serialises agents who fill agendas at the same time
    attendus = set(a_inscrire(seance.instance.cle).values_list("pk", flat=True))
    groupes: dict[int | None, list[Projet]] = {}
    for projet in projets:
        pas = exiger(projet, "inscrire_au_comite", par=par)
        if projet.pk not in attendus:
            raise ErreurMetier(_pourquoi_pas(projet, seance))
        pas.avancer(
            fait=f"À l’ordre du jour : {seance.instance.sigle}, séance du {jour_texte(seance.jour)}",
            details={"seance": seance.pk},
        )
        groupes.setdefault(projet.axe_id if par_axe else projet.pk, []).append(projet)
    return [
        ajouter_point(
            seance,
            par=par,
            dossiers=siens,
            nature=Point.Nature.DECISION,
            titre=str((siens[0].axe or "Sans axe") if par_axe else siens[0].titre)[:200],
            duree=MINUTES_PAR_PROJET * len(siens),
        )
        for siens in groupes.values()
    ]


def _pourquoi_pas(projet: Projet, seance: Seance) -> str:
    return f"« {projet.titre} » est {projet.get_etat_display()} : {seance.instance.sigle} n’a rien à en dire."


class ChampSeanceDuComite(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Choice of a séance of a known comité, labelled by its date."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{majuscule(jour_texte(obj.debut, 'long'))}, {heure(obj.debut)}, {obj.lieu or obj.titre}"


class InscrireEnLotForm(ActeForm):
    """One séance for all the selected projets."""

    seance = ChampSeance(
        label="À quelle séance",
        queryset=None,
        empty_label="Choisissez",
        error_messages={
            "required": "Choisissez une séance.",
            "invalid_choice": "Cette séance n’est plus à venir.",
        },
    )

    def preparer(self) -> None:
        self.choisir("seance", seances_de())


class PreparerForm(forms.Form):
    """Choice of the projets for a séance, and of how they are grouped into points."""

    seance = ChampSeanceDuComite(
        label="Séance du comité",
        queryset=None,
        empty_label=None,
        error_messages={
            "required": "Choisissez une séance.",
            "invalid_choice": "Cette séance n’est plus à venir.",
        },
    )
    points = champ_choix(
        "Combien de points",
        [("projet", "Un point par projet : chacun a son vote et ses déports"), ("axe", "Un point par axe")],
        boutons=True,
    )
    projets: Any = forms.MultipleChoiceField(
        label="Projets à examiner",
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        error_messages={
            "required": "Choisissez au moins un projet.",
            "invalid_choice": "Un de ces projets est déjà à l’ordre du jour, ou déjà décidé.",
        },
    )

    def __init__(self, *args: Any, candidats: Any, seances: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seance: Any = self.fields["seance"]
        seance.queryset = seances
        champ: Any = self.fields["projets"]
        champ.choices = [(str(c.projet.pk), c.projet.reference) for c in candidats]  # the page says the rest
        self.initial.setdefault("points", "projet")
