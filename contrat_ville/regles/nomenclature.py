"""Accounts of the budget of a projet, as named by Dauphin and the CERFA 12156.

Read once, from `donnees/nomenclature.json`.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal

Sens = Literal["depense", "recette"]
DEPENSE: Sens = "depense"
RECETTE: Sens = "recette"
FICHIER = Path(__file__).resolve().parent.parent / "donnees" / "nomenclature.json"


@dataclass(frozen=True, slots=True)
class Poste:
    code: str
    libelle: str
    parent: str | None
    sens: Sens
    est_en_nature: bool
    libelle_dauphin: str

    @property
    def intitule(self) -> str:
        """Return the label, with the number if it is a real one: « 604 – Prestations de services ».

        Codes such as « 60x » are left out.
        """
        return f"{self.code} – {self.libelle}" if re.fullmatch(r"[0-9]{1,9}", self.code) else self.libelle

    def __str__(self) -> str:
        return self.intitule


def _lire() -> dict[str, Poste]:
    with FICHIER.open(encoding="utf-8") as fichier:
        return {ligne["code"]: Poste(**ligne) for ligne in json.load(fichier)["postes"]}


POSTES: Mapping[str, Poste] = MappingProxyType(_lire())
TITRES = frozenset(poste.parent for poste in POSTES.values() if poste.parent)
Choix = tuple[str, str] | tuple[str, list[tuple[str, str]]]


def choix(sens: Sens) -> list[Choix]:
    """Return the choices for a line, grouped under the head accounts.

    A head that has accounts cannot be chosen.
    """
    groupes: list[Choix] = []
    for poste in POSTES.values():
        if poste.sens != sens or poste.parent:
            continue
        sous_postes = [
            (enfant.code, enfant.intitule) for enfant in POSTES.values() if enfant.parent == poste.code
        ]
        groupes.append((poste.intitule, sous_postes) if sous_postes else (poste.code, poste.intitule))
    return groupes


def est_en_nature(code: str) -> bool:
    """Whether the account is in kind (86 and 87: volunteers, rooms lent): balanced apart, never money."""
    return code in POSTES and POSTES[code].est_en_nature


def parent(code: str) -> str:
    """Return the head account; the code itself for a head or an unknown code."""
    poste = POSTES.get(code)
    return (poste.parent or code) if poste else code


def sens_de(code: str) -> Sens | None:
    return POSTES[code].sens if code in POSTES else None


def libelle(code: str) -> str:
    """Return the title of the account; an unknown code is returned as it is, since it comes from a file."""
    return POSTES[code].intitule if code in POSTES else code
