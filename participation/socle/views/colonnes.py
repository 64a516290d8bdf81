"""The columns of the common list, and those that lists share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.text import capfirst

from participation.socle.francais import jour_texte, retard


@dataclass(frozen=True, slots=True)
class Cellule:
    """Content of a cell: text, second line, colour and icon of an état, or since when it is late."""

    texte: object = ""
    sous: object = ""
    couleur: str = ""
    icone: str = ""
    retard: str = ""


@dataclass(frozen=True, slots=True)
class Colonne:
    """A column.

    `cellule` returns a Cellule or a plain value (None: a dash). `export` returns the plain value, by default the cell's.
    `tri`: field (or fields) of the sort; empty: not sortable. `a_l_ecran` False: in exports only.
    `tri_borne`: no index holds this sort, which reads every row: offered up to `borne` rows of the list.
    """

    cle: str
    libelle: str
    cellule: Callable[[Any], object]
    export: Callable[[Any], object] | None = None
    tri: str | tuple[str, ...] = ""
    nombre: bool = False
    a_l_ecran: bool = True
    tri_borne: bool = False


def colonne_etat(champ_tri: str = "") -> Colonne:
    """Column of the état, as a badge. Give `champ_tri` ("etat") for a list of one nature."""
    return Colonne(
        "etat",
        "État",
        lambda d: Cellule(capfirst(d.libelle_etat), couleur=d.apparence.couleur, icone=d.apparence.icone),
        export=lambda d: d.libelle_etat,
        tri=champ_tri,
        tri_borne=True,
    )


def colonne_titre(libelle: str = "Dossier") -> Colonne:
    return Colonne(
        "titre",
        libelle,
        lambda d: Cellule(d.titre, sous=d.reference or "brouillon"),
        export=lambda d: d.titre,
        tri="titre_simple",
    )


def colonne_reference() -> Colonne:
    """Column of the reference, for exports only. On screen the reference stands under the title."""
    return Colonne(
        "reference",
        "Référence",
        lambda d: d.reference or "",
        tri="reference",
        a_l_ecran=False,
        tri_borne=True,
    )


def colonne_agent() -> Colonne:
    return Colonne(
        "agent",
        "Suivi par",
        lambda d: str(d.agent or ""),
        tri=("agent__nom", "agent__prenom"),
        tri_borne=True,
    )


def colonne_echeance(*, avec_libelle: bool = True, precision: Callable[[Any], str] = lambda _: "") -> Colonne:
    """Column of the next échéance; second line: what is due, or `precision`.

    The queryset of the list must go through `avec_echeance`.
    """
    return Colonne(
        "echeance",
        "Échéance",
        lambda d: Cellule(
            d.echeance_le,
            sous=d.echeance_libelle if avec_libelle else precision(d),
            retard=retard(d.echeance_le),
        ),
        export=lambda d: d.echeance_le,
        tri="echeance_le",
    )


def du_clos(colonnes: Sequence[Colonne], *, de_toute_nature: bool) -> list[Colonne]:
    """Return the columns of what is closed: the day of its closing in the place of what is due.

    Nearly nothing is: to sort by it would read every échéance. What was fixed after the closing is said under the day.
    """
    closes: list[Colonne] = []
    for colonne in colonnes:
        if colonne.tri == "echeance_le":
            closes.append(Colonne("clos_le", "Clos le", _clos_le, tri="clos_le", tri_borne=de_toute_nature))
            colonne = replace(colonne, tri="", a_l_ecran=False)
        closes.append(colonne)
    return closes


def _clos_le(dossier: Any) -> Cellule:
    du = dossier.echeance_le
    quoi = f"{dossier.echeance_libelle}, le {jour_texte(du, 'court')}" if du else ""
    return Cellule(dossier.clos_le, sous=quoi, retard=retard(du))
