"""Compares the last import, the new import and our data. Changes made here since the last import are kept."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Ecart:
    """A difference.

    `est_conflit`: changed on both sides since the last import; our value stays until an agent decides.
    """

    champ: str
    libelle: str
    avant: str
    apres: str
    est_conflit: bool = False

    def en_donnees(self) -> dict[str, Any]:
        return asdict(self)


def comparer(
    base: Mapping[str, Any] | None, lu: Mapping[str, Any], ici: Mapping[str, Any], libelles: Mapping[str, str]
) -> list[Ecart]:
    """Return the differences.

    `base` is the last import, None for the first. A value missing in the file erases nothing.
    """
    ecarts = []
    for champ, nouveau in lu.items():
        if nouveau in ("", None, []):
            continue
        present = ici.get(champ)
        if nouveau == present:
            continue
        ancien = None if base is None else base.get(champ)
        if nouveau == ancien:
            continue  # unchanged in Dauphin: our value is kept
        vide = present in ("", None, [], False)
        conflit = not vide and present != ancien
        ecarts.append(Ecart(champ, libelles.get(champ, champ), en_mots(present), en_mots(nouveau), conflit))
    return ecarts


def en_mots(valeur: Any) -> str:
    """Format a value for a report."""
    if valeur in ("", None, []):
        return "vide"
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    if isinstance(valeur, list):
        return f"{len(valeur)} lignes" if len(valeur) > 1 else "1 ligne"
    texte = str(valeur)
    return texte if len(texte) <= 200 else texte[:199] + "…"
