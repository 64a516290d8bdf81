"""Arithmetic of a projet: the scores of the grid, the accounts of its budget, its amounts.

Accounts are those of Dauphin and the CERFA 12156, read once from `donnees/nomenclature.json`. Amounts are Decimal only;
contributions in kind (accounts 86 and 87) are balanced apart: they have a value but pay nothing.
"""

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from participation.socle.francais import accorder, enumerer, minuscule
from participation.socle.francais import montant as euros
from participation.socle.regles.montants import CENTIME, MontantInvalide, montant_de

REMPLI, NON_REMPLI, SANS_OBJET = "rempli", "non_rempli", "sans_objet"


@dataclass(frozen=True, slots=True)
class Note:
    """A mark for a criterion, out of `note_max`, with its weight."""

    note: int
    note_max: int
    poids: int


def score(notes: Iterable[Note]) -> Fraction | None:
    """Return the exact weighted mean, out of 100; None without any mark.

    Criteria that are « sans objet » are left out, with their weight.
    """
    obtenus, possibles = Fraction(0), 0
    for note in notes:
        obtenus += Fraction(note.note, note.note_max) * note.poids
        possibles += note.poids
    return obtenus / possibles * 100 if possibles else None


def moyenne(scores: Sequence[Fraction | None]) -> Fraction | None:
    """Return the mean of the scores given; None without any."""
    donnes = [valeur for valeur in scores if valeur is not None]
    return sum(donnes, start=Fraction(0)) / len(donnes) if donnes else None


def ecart(scores: Sequence[Fraction | None]) -> Fraction:
    """Return the gap between the highest and the lowest score, in points; 0 with one reader."""
    donnes = [valeur for valeur in scores if valeur is not None]
    return max(donnes) - min(donnes) if len(donnes) > 1 else Fraction(0)


def dire_l_ecart(scores: Sequence[Fraction | None], seuil: int) -> str:
    """Return the sentence that calls for a discussion; empty when the gap is at most `seuil`."""
    points = ecart(scores)
    return (
        f"Les lectures diffèrent de {accorder(round(points), 'point')} : à discuter."
        if points > seuil
        else ""
    )


def desaccords(resultats: Sequence[str]) -> bool:
    """Whether readers contradict each other on a criterion. « sans objet » contradicts nothing."""
    dits = {resultat for resultat in resultats if resultat in {REMPLI, NON_REMPLI}}
    return len(dits) > 1


def empechements(non_remplis: Sequence[tuple[str, bool]]) -> list[str]:
    """Return what prevents « recevable », from the criteria not met, given as (title, éliminatoire)."""
    eliminatoires = [intitule for intitule, est_eliminatoire in non_remplis if est_eliminatoire]
    if not eliminatoires:
        return []
    return [
        f"La grille dit non rempli : {enumerer(f'« {intitule} »' for intitule in eliminatoires)}. "
        "Corrigez-la, ou déclarez le projet irrecevable."
    ]


Sens = Literal["depense", "recette"]
DEPENSE: Sens = "depense"
RECETTE: Sens = "recette"
FICHIER = Path(__file__).resolve().parent / "donnees" / "nomenclature.json"


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


ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Ligne:
    """A line of a budget. `montant` is the typed text or a Decimal; None when not given yet."""

    sens: Sens
    poste: str
    montant: Decimal | str | None
    libelle: str = ""


@dataclass(frozen=True, slots=True)
class Equilibre:
    depenses: Decimal
    recettes: Decimal
    emplois_en_nature: Decimal
    ressources_en_nature: Decimal
    manques: tuple[str, ...]  # what must be corrected, in sentences

    @property
    def ecart(self) -> Decimal:
        """Amount missing from the receipts; negative when the receipts exceed the expenses."""
        return self.depenses - self.recettes


def equilibre(lignes: Collection[Ligne]) -> Equilibre:
    """Return the four sums of a budget, and what must be corrected before it is accepted."""
    manques: list[str] = []
    sommes = {(sens, en_nature): ZERO for sens in (DEPENSE, RECETTE) for en_nature in (False, True)}
    for rang, ligne in enumerate(lignes, 1):
        try:
            montant = montant_de(ligne.montant)
        except MontantInvalide as erreur:
            manques.append(f"Ligne {rang}, {_nom(ligne)} : {minuscule(erreur)}")
            continue
        attendu = sens_de(ligne.poste)
        if attendu and attendu != ligne.sens:
            manques.append(f"Ligne {rang}, {_nom(ligne)} : ce poste est {_cote(attendu)}.")
            continue
        sommes[ligne.sens, est_en_nature(ligne.poste)] += montant
    depenses, recettes = sommes[DEPENSE, False], sommes[RECETTE, False]
    emplois, ressources = sommes[DEPENSE, True], sommes[RECETTE, True]
    if not manques and not depenses:
        manques.append("Le budget n’a pas encore de dépense." if lignes else "Écrivez le budget.")
    if depenses != recettes:
        manques.append(_ecart(depenses, recettes))
    if emplois != ressources:
        manques.append(_ecart_en_nature(emplois, ressources))
    return Equilibre(depenses, recettes, emplois, ressources, tuple(manques))


def cout(depenses: Iterable[tuple[str, Decimal]]) -> Decimal:
    """Return what (account, amount) cost in money. In kind, nothing is paid: no subsidy is a part of it."""
    return sum((somme for poste, somme in depenses if not est_en_nature(poste)), start=ZERO)


def _nom(ligne: Ligne) -> str:
    return ligne.libelle or libelle(ligne.poste) or "sans poste"


def _cote(sens: Sens) -> str:
    return "une dépense, pas une recette" if sens == DEPENSE else "une recette, pas une dépense"


def _ecart(depenses: Decimal, recettes: Decimal) -> str:
    quoi = "dépenses" if depenses < recettes else "recettes"
    return (
        f"Il manque {euros(abs(depenses - recettes))} de {quoi} : "
        f"les dépenses font {euros(depenses)}, les recettes {euros(recettes)}."
    )


def _ecart_en_nature(emplois: Decimal, ressources: Decimal) -> str:
    compte = "86 (emplois)" if emplois < ressources else "87 (contributions)"
    return (
        f"Les contributions en nature s’équilibrent à part : il manque {euros(abs(emplois - ressources))} au compte {compte}, "
        f"qui font {euros(emplois)} au 86 et {euros(ressources)} au 87."
    )


def repartir(total: Decimal, poids: Sequence[Decimal]) -> list[Decimal]:
    """Share `total` in proportion to `poids`, to the cent; the sum of the shares is exactly `total`.

    The last cents go to the largest remainders, and to the first ones when equal. If all weights are zero,
    the shares are equal. Raises ValueError.
    """
    if total < 0 or total != total.quantize(CENTIME):
        raise ValueError("A sum to share is in cents, and not negative.")
    if not poids or any(p < 0 or not p.is_finite() for p in poids):
        raise ValueError("Weights are numbers, not negative, one at least.")
    # Whole numbers: exact, whatever the precision of the decimal context.
    echelle = min((int(p.as_tuple().exponent) for p in poids), default=0)
    entiers = [int(p.scaleb(-min(echelle, 0))) for p in poids]
    if not any(entiers):
        entiers = [1] * len(poids)
    centimes = int((total / CENTIME).to_integral_value(ROUND_FLOOR))
    somme = sum(entiers)
    parts = [centimes * entier // somme for entier in entiers]
    restes = [centimes * entier % somme for entier in entiers]
    for rang in sorted(range(len(poids)), key=lambda r: -restes[r])[: centimes - sum(parts)]:
        parts[rang] += 1
    return [(Decimal(part) * CENTIME).quantize(CENTIME) for part in parts]
