"""What a new import changes: what Dauphin said last time, what it says now, what stands here. What was written here since is kept."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Ecart:
    """`est_conflit`: changed on both sides since the last import; what stands here stays until an agent says otherwise."""

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
    """`base`: what the last import held, None when it is the first. A value that the file does not give erases nothing."""
    ecarts = []
    for champ, nouveau in lu.items():
        if nouveau in ("", None, []):
            continue
        present = ici.get(champ)
        if nouveau == present:
            continue
        ancien = None if base is None else base.get(champ)
        if nouveau == ancien:
            continue  # Dauphin has not moved: what was written here since is right
        vide = present in ("", None, [], False)
        conflit = not vide and present != ancien
        ecarts.append(Ecart(champ, libelles.get(champ, champ), en_mots(present), en_mots(nouveau), conflit))
    return ecarts


def en_mots(valeur: Any) -> str:
    """For a person who reads a report."""
    if valeur in ("", None, []):
        return "vide"
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    if isinstance(valeur, list):
        return f"{len(valeur)} lignes" if len(valeur) > 1 else "1 ligne"
    texte = str(valeur)
    return texte if len(texte) <= 200 else texte[:199] + "…"
