"""Indicators of a projet with its answers, and indicators of a programmation over its supported projets."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F, Q

from contrat_ville.indicateurs.regles import Agregat, Valeur, agreger
from contrat_ville.models import Indicateur, Programmation, Projet, ValeurIndicateur
from contrat_ville.workflow.etats import PUBLIABLES
from participation.socle.francais import majuscule

ENTETES = [
    "Axe",
    "Indicateur",
    "Unité",
    "Réunion des projets",
    "Visé",
    "Projets qui l’ont dit",
    "Réalisé",
    "Projets qui ont rendu compte",
    "Visé par ces projets",
    "Réalisé sur cent",
]
TOUS_LES_AXES = "Tous les axes"


@dataclass(frozen=True, slots=True)
class Reponse:
    """An indicator and the answer of one projet."""

    indicateur: Indicateur
    valeur: ValeurIndicateur | None

    @property
    def prevu(self) -> Decimal | None:
        return self.valeur.prevu if self.valeur is not None else None

    @property
    def realise(self) -> Decimal | None:
        return self.valeur.realise if self.valeur is not None else None


def reponses_de(projet: Projet) -> list[Reponse]:
    """Indicators of all axes and of the axe of the projet, in their order."""
    if not projet.pk:
        return []
    poses = Indicateur.objects.filter(
        Q(axe=None) | Q(axe=projet.axe_id), programmation=projet.programmation_id
    ).select_related("axe")
    dites = {valeur.indicateur_id: valeur for valeur in projet.valeurs.all()}
    return [Reponse(indicateur, dites.get(indicateur.pk)) for indicateur in poses]


@dataclass(frozen=True, slots=True)
class LigneIndicateur:
    """A row of the table. `boutons`: allowed acts, added by the page."""

    indicateur: Indicateur
    axe: str
    agregat: Agregat
    boutons: Sequence[Any] = ()


def tableau(programmation: Programmation) -> list[LigneIndicateur]:
    """Each indicator over the supported projets, in two queries.

    Answers given under a former axe of the projet are left out.
    """
    valeurs: dict[int, list[Valeur]] = {}
    dites = ValeurIndicateur.objects.filter(
        Q(indicateur__axe=None) | Q(indicateur__axe=F("projet__axe")),
        indicateur__programmation=programmation,
        projet__etat__in=sorted(PUBLIABLES),
    )
    for indicateur, prevu, realise in dites.order_by().values_list("indicateur", "prevu", "realise"):
        valeurs.setdefault(indicateur, []).append(Valeur(prevu, realise))
    return [
        LigneIndicateur(
            indicateur,
            str(indicateur.axe or TOUS_LES_AXES),
            agreger(valeurs.get(indicateur.pk, ()), en_moyenne=indicateur.en_moyenne),
        )
        for indicateur in programmation.indicateurs.select_related("axe")
    ]


def lignes_du_tableau(lignes: list[LigneIndicateur]) -> Iterator[list[object]]:
    for ligne in lignes:
        a = ligne.agregat
        yield [
            ligne.axe,
            ligne.indicateur.intitule,
            ligne.indicateur.unite,
            majuscule(ligne.indicateur.get_reunion_display()),
            a.prevu,
            a.prevus,
            a.realise,
            a.realises,
            a.prevu_des_rendus,
            a.part,
        ]
