"""The accounts of a project's budget, as Dauphin and the CERFA 12156 name them. Read once, from `donnees/nomenclature.json`."""

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
        """With its number when it has a real one: « 604 – Prestations de services »; « 60x » says nothing to anybody."""
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
    """What a line may be, grouped under the head accounts as a list of choices wants it; a head with accounts is not one."""
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
    """86 and 87: volunteers, rooms lent. Balanced apart, never money."""
    return code in POSTES and POSTES[code].est_en_nature


def parent(code: str) -> str:
    """The head account; a head, or a code that is not known, is its own."""
    poste = POSTES.get(code)
    return (poste.parent or code) if poste else code


def sens_de(code: str) -> Sens | None:
    return POSTES[code].sens if code in POSTES else None


def libelle(code: str) -> str:
    """A code that is not known is shown as it is: nothing of a file is hidden."""
    return POSTES[code].intitule if code in POSTES else code
