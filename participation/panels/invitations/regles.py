"""Phone numbers made at random for who calls, from a seed that is kept: the same list is written again. No database, no clock."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

TIRE = "x"  # a figure drawn at random, in « 06 12 xx xx xx »
MODELE = re.compile(r"[0-9x]{6,15}", re.ASCII)
EN_TOUT = 200_000


@dataclass(frozen=True, slots=True)
class Tranche:
    """So many numbers of one form: figures that are given, `x` for those that are drawn."""

    modele: str
    combien: int

    def __str__(self) -> str:
        return f"{self.modele} ; {self.combien}"


def lire_tranches(texte: str) -> list[Tranche]:
    """Return the tranches of a text, one a line: form ; how many. Raises ValueError, a sentence."""
    tranches = []
    for numero, brute in enumerate(texte.splitlines(), 1):
        if not brute.strip():
            continue
        modele, _, combien = brute.lower().replace(" ", "").partition(";")
        if not (MODELE.fullmatch(modele) and combien.isascii() and combien.isdigit() and len(combien) < 7):
            raise ValueError(f"Ligne {numero} : écrivez « 06 12 xx xx xx ; 500 ».")
        tranche = Tranche(modele, int(combien))
        if not 0 < 2 * tranche.combien <= 10 ** modele.count(TIRE):
            raise ValueError(f"Ligne {numero} : il y a trop peu de « x » pour {tranche.combien} numéros.")
        tranches.append(tranche)
    if not tranches:
        raise ValueError("Écrivez au moins une ligne.")
    if sum(tranche.combien for tranche in tranches) > EN_TOUT:
        raise ValueError(f"Demandez {EN_TOUT} numéros au plus, en tout.")
    return tranches


def numeros(tranches: list[Tranche], graine: str) -> Iterator[str]:
    """Yield the numbers, each once, tranche by tranche: `sha256(numero-v1|graine|modele|rang)`, read in base ten."""
    deja: set[str] = set()
    for tranche in tranches:
        reste, rang = tranche.combien, 0
        while reste:
            tire = hashlib.sha256(f"numero-v1|{graine}|{tranche.modele}|{rang}".encode()).hexdigest()
            chiffres = iter(str(int(tire, 16)).zfill(78)[::-1])
            numero = "".join(next(chiffres) if signe == TIRE else signe for signe in tranche.modele)
            rang += 1
            if numero not in deja:
                deja.add(numero)
                reste -= 1
                yield numero
