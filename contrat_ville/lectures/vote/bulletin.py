"""The ballot shown to voters. It is frozen once the vote is open, and cached in each process."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from contrat_ville.models.vote import Scrutin
from contrat_ville.regles.codes import dans_mon_ordre
from participation.socle.francais import nombre

GARDES_MAX = 50


@dataclass(frozen=True, slots=True)
class LigneBulletin:
    numero: int
    titre: str
    resume: str
    cout: int
    quartiers: str
    reference: str

    @property
    def cout_dit(self) -> str:
        return f"{nombre(self.cout)}\u00a0€"


@dataclass(frozen=True, slots=True)
class ScrutinFige:
    """Frozen data of an open vote: enough to check and record a ballot.

    `points`: 0 when projets are ticked.
    """

    pk: int
    sel: str
    graine: str
    nombre_max: int
    points: int
    lignes: tuple[LigneBulletin, ...]


_gardes: dict[int, ScrutinFige] = {}


def scrutin_fige(pk: int) -> ScrutinFige | None:
    """Return the frozen vote, cached in each process; None if it is not public.

    The write checks `graine`, so a stale copy is detected.
    """
    if pk not in _gardes:
        scrutin = Scrutin.objects.publics().filter(pk=pk).first()
        if scrutin is None:
            return None
        if len(_gardes) >= GARDES_MAX:
            _gardes.clear()
        _gardes[pk] = figer(scrutin)
    return _gardes[pk]


def figer(scrutin: Scrutin) -> ScrutinFige:
    valeurs: Any = scrutin.projets.order_by("numero").values_list(
        "numero", "titre", "resume", "cout", "quartiers", "projet__reference"
    )
    return ScrutinFige(
        pk=scrutin.pk,
        sel=scrutin.sel,
        graine=scrutin.graine,
        nombre_max=scrutin.nombre_max,
        points=scrutin.points if scrutin.est_par_points else 0,
        lignes=tuple(LigneBulletin(*ligne) for ligne in valeurs),
    )


def oublier(pk: int) -> None:
    """Remove from the cache a copy that the database found stale."""
    _gardes.pop(pk, None)


def lignes_du_bulletin(scrutin: Scrutin) -> tuple[LigneBulletin, ...]:
    """Lines of the ballot, by number, as frozen when the vote opened."""
    garde = _gardes.get(scrutin.pk)
    if garde is None or garde.graine != scrutin.graine:
        garde = figer(scrutin)
    return garde.lignes


def melees(lignes: Sequence[LigneBulletin], code: str, sel: str) -> list[LigneBulletin]:
    """Return the lines in the order drawn for this code."""
    par_numero = {ligne.numero: ligne for ligne in lignes}
    return [par_numero[numero] for numero in dans_mon_ordre(list(par_numero), code, sel)]
