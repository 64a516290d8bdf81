"""Indicators of a projet with its answers, and indicators of a programmation over its supported projets."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F, Q

from contrat_ville.models import Indicateur, Programmation, Projet, ValeurIndicateur
from contrat_ville.workflow.etats import PUBLIABLES
from participation.socle.francais import majuscule

CENTIEME = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Valeur:
    """Target and result of one projet. None: not given."""

    prevu: Decimal | None = None
    realise: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Agregat:
    """`prevu_des_rendus`: targets of the projets that gave a result, so that the two can be compared.

    None when one of these projets has no target.
    """

    prevu: Decimal | None
    prevus: int
    realise: Decimal | None
    realises: int
    prevu_des_rendus: Decimal | None

    @property
    def part(self) -> int | None:
        """Result as a percentage of the targets of the same projets."""
        if self.realise is None or not self.prevu_des_rendus:
            return None
        return round(100 * self.realise / self.prevu_des_rendus)


def agreger(valeurs: Iterable[Valeur], *, en_moyenne: bool = False) -> Agregat:
    """Add up the values, or take their mean when a sum has no meaning (a share, an age)."""
    lues = list(valeurs)
    prevus = [v.prevu for v in lues if v.prevu is not None]
    realises = [v.realise for v in lues if v.realise is not None]
    deux = [(v.prevu, v.realise) for v in lues if v.prevu is not None and v.realise is not None]
    # A result without a target has nothing to be compared with.
    complets = len(deux) == len(realises)
    return Agregat(
        _reunir(prevus, en_moyenne),
        len(prevus),
        _reunir(realises, en_moyenne),
        len(realises),
        _reunir([prevu for prevu, _ in deux], en_moyenne) if complets else None,
    )


def _reunir(valeurs: list[Decimal], en_moyenne: bool) -> Decimal | None:
    if not valeurs:
        return None
    somme = sum(valeurs, start=Decimal(0))
    return (somme / len(valeurs)).quantize(CENTIEME) if en_moyenne else somme


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
