"""Who will probably be in the room, and what reserve keeps the quotas nine times in ten. No database, no clock.

Seeded simulation over the published panels: the same rates, panels and seed give the same figures everywhere.
"""

import math
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from participation.tirage.regles.quotas import Bassin, Profil

ESSAIS = 1000
TENIR = 0.9  # nine times in ten


@dataclass(frozen=True, slots=True)
class Perte:
    """Of a hundred people who have this value (of all, when `categorie` is ""), how many leave."""

    categorie: str
    valeur: str
    avant: float  # before the first session
    par_seance: float  # at each session, of who is left


@dataclass(frozen=True, slots=True)
class Prevision:
    """`presents`: for each session, the mean, and the number that is reached nine times in ten.

    `besoins`: people of each quota to have in the reserve; `reserve`: how many in all. `tenus`: share of the trials where
    this reserve keeps every quota at the first session.
    """

    presents: tuple[tuple[float, int], ...]
    besoins: tuple[int, ...]
    reserve: int
    tenus: float


def taux_de(profil: Profil, categories: Sequence[str], pertes: Sequence[Perte]) -> tuple[float, float]:
    """Return the chances that she leaves before the first session, and at each: the greatest of the rates that are hers."""
    siens = dict(zip(categories, profil, strict=True))
    les_siennes = [
        perte for perte in pertes if not perte.categorie or siens.get(perte.categorie) == perte.valeur
    ]
    return (
        max((perte.avant for perte in les_siennes), default=0.0) / 100,
        max((perte.par_seance for perte in les_siennes), default=0.0) / 100,
    )


def prevoir(
    panels: Sequence[Sequence[str]],
    bassin: Bassin,
    profil_de: Mapping[str, Profil],
    pertes: Sequence[Perte],
    seances: int,
    graine: str,
) -> Prevision:
    """Simulate a thousand times who leaves a panel drawn at random."""
    hasard = random.Random(graine)  # noqa: S311 no secret: anybody may simulate again
    taux = {profil: taux_de(profil, bassin.categories, pertes) for profil in set(profil_de.values())}
    presents: list[list[int]] = [[] for _ in range(seances)]
    manques = []
    for _ in range(ESSAIS):
        panel = [profil_de[numero] for numero in panels[hasard.randrange(len(panels))]]
        restent = [profil for profil in panel if hasard.random() >= taux[profil][0]]
        manques.append(_manque(panel, restent, bassin))
        for rang in range(seances):
            restent = [profil for profil in restent if hasard.random() >= taux[profil][1]]
            presents[rang].append(len(restent))
    voulus, tenus = _assez(manques)
    taux_des_quotas = [_taux_du_quota(rang, bassin, taux) for rang in range(len(bassin.quotas))]
    besoins = tuple(
        au_moins(combien, part) for combien, part in zip(voulus[:-1], taux_des_quotas, strict=True)
    )
    moyen = sum(part for part, _ in taux.values()) / max(len(taux), 1)
    return Prevision(
        tuple((sum(lus) / ESSAIS, sorted(lus)[int(ESSAIS * (1 - TENIR))]) for lus in presents),
        besoins,
        max(au_moins(voulus[-1], moyen), max(besoins, default=0)),
        tenus,
    )


def _manque(panel: Sequence[Profil], restent: Sequence[Profil], bassin: Bassin) -> tuple[int, ...]:
    """Return how many are missing to the minimum of each quota; then, how many left in all."""
    la = Counter((rang, valeur) for profil in restent for rang, valeur in enumerate(profil))
    rangs = {categorie: rang for rang, categorie in enumerate(bassin.categories)}
    manquent = [max(0, q.minimum - la[rangs[q.categorie], q.valeur]) for q in bassin.quotas]
    return (*manquent, len(panel) - len(restent))


def _assez(manques: Sequence[tuple[int, ...]]) -> tuple[tuple[int, ...], float]:
    """Return the least counts, one for each quota, that suffice together nine times in ten, and how often they do."""
    colonnes = [sorted(colonne) for colonne in zip(*manques, strict=True)]
    for rang in range(int(TENIR * len(manques)), len(manques)):
        voulus = tuple(colonne[rang] for colonne in colonnes)
        tenus = sum(all(m <= v for m, v in zip(manque, voulus, strict=True)) for manque in manques) / len(
            manques
        )
        if tenus >= TENIR:
            break
    return voulus, tenus


def _taux_du_quota(rang: int, bassin: Bassin, taux: Mapping[Profil, tuple[float, float]]) -> float:
    siens = [(bassin.profils[t], bassin.effectifs[t]) for t in bassin.concernes(bassin.quotas[rang])]
    total = sum(combien for _, combien in siens)
    return (
        sum(taux.get(profil, (0.0, 0.0))[0] * combien for profil, combien in siens) / total if total else 0.0
    )


def au_moins(combien: int, part: float) -> int:
    """Return how many to call for `combien` to come nine times in ten, when this share of them does not (exact binomial)."""
    if combien < 1 or part <= 0:
        return max(combien, 0)
    appeles = combien
    while appeles < 20 * combien + 20:
        viennent = sum(
            math.comb(appeles, n) * (1 - part) ** n * part ** (appeles - n)
            for n in range(combien, appeles + 1)
        )
        if viennent >= TENIR:
            break
        appeles += 1
    return appeles


def choisir_la_reserve(
    attente: Sequence[str],
    bassin: Bassin,
    profil_de: Mapping[str, Profil],
    besoins: Sequence[int],
    combien: int,
) -> list[str]:
    """Return the reserve, in the order of the tickets: first who fills a need that is not filled, then the next ones.

    `attente`: who may be drawn and is not in the panel, by ticket.
    """
    rangs = {categorie: rang for rang, categorie in enumerate(bassin.categories)}
    restent = {
        (rangs[quota.categorie], quota.valeur): besoin
        for quota, besoin in zip(bassin.quotas, besoins, strict=True)
        if besoin > 0
    }
    pris = set()
    for numero in attente:
        siens = [cle for cle in enumerate(profil_de[numero]) if restent.get(cle, 0) > 0]
        if siens:
            pris.add(numero)
            for cle in siens:
                restent[cle] -= 1
    for numero in attente:
        if len(pris) >= combien:
            break
        pris.add(numero)
    return [numero for numero in attente if numero in pris]
