"""Arithmetic of the suites: the clock that stops, the degree that an état gives, two verdicts compared."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from participation.socle.francais import majuscule
from participation.suites.workflow import DEGRES_A_PROUVER, DEGRES_DES_ETATS, Degre, Etat, Jugement


@dataclass(frozen=True, slots=True, order=True)
class Arret:
    """Days when the clock is stopped: `debut` is the first, `fin` the first when it runs again; None: not known."""

    debut: date
    fin: date | None


@dataclass(frozen=True, slots=True)
class Horloge:
    """`recul_limite`, `recul_initiale`: days by which an expected day moves; None while nobody knows.

    `jours_suspendus`: days of the stop that the delay of the first answer leaves out.
    """

    recul_limite: int | None
    recul_initiale: int | None
    jours_suspendus: int


def horloge(
    *,
    creee: date,
    initiale: date,
    limite: date,
    limite_donnee: date,
    repondue: date | None,
    arrets: Iterable[Arret],
) -> Horloge:
    """Say what the stops do to the public figures of a suite.

    A stop counts for `limite` from the day this date was given (`limite_donnee`), and for `initiale` until the first answer.
    """
    unis = _unir(arrets)
    avant_reponse = unis if repondue is None else _couper(unis, creee, repondue + timedelta(days=1))
    return Horloge(
        recul_limite=_recul(limite, _couper(unis, limite_donnee)),
        recul_initiale=_recul(initiale, _couper(avant_reponse, creee)),
        jours_suspendus=0 if repondue is None else _jours_arretes(creee, repondue, unis),
    )


def _unir(arrets: Iterable[Arret]) -> list[Arret]:
    """Return the stops in order, those that touch or overlap made one."""
    unis: list[Arret] = []
    for arret in sorted(arrets, key=lambda arret: arret.debut):
        dernier = unis[-1] if unis else None
        if dernier is not None and (dernier.fin is None or arret.debut <= dernier.fin):
            fin = None if dernier.fin is None or arret.fin is None else max(dernier.fin, arret.fin)
            unis[-1] = Arret(dernier.debut, fin)
        else:
            unis.append(arret)
    return unis


def _couper(arrets: Sequence[Arret], debut: date, fin: date | None = None) -> list[Arret]:
    """Return what the stops have from `debut`, and before `fin`."""
    coupes = [
        Arret(max(arret.debut, debut), arret.fin if fin is None else min(arret.fin or fin, fin))
        for arret in arrets
    ]
    return [arret for arret in coupes if arret.fin is None or arret.debut < arret.fin]


def _recul(limite: date, arrets: Sequence[Arret]) -> int | None:
    """Return by how many days the stops move this day: those that begin after it, moved, change nothing."""
    jour = limite
    for arret in arrets:
        if arret.debut > jour:
            break
        if arret.fin is None:
            return None
        jour += arret.fin - arret.debut
    return (jour - limite).days


def _jours_arretes(du: date, au: date, arrets: Sequence[Arret]) -> int:
    """Return how many of the days after `du`, until `au`, are days of stop."""
    coupes = _couper(arrets, du + timedelta(days=1), au + timedelta(days=1))
    return sum((arret.fin - arret.debut).days for arret in coupes if arret.fin is not None)


def degres_possibles(etat: str) -> list[Degre]:
    """Return what may be said of a suite in this état, no proof first."""
    if etat in DEGRES_DES_ETATS:
        return []
    if etat == Etat.REALISEE:
        return [Degre.SANS_PREUVE, Degre.INCOMPLETE, Degre.TOTALE]
    return [Degre.SANS_PREUVE, *DEGRES_A_PROUVER]


def degre_apres(etat_avant: str, etat: str, degre: str, *, a_source: bool) -> str:
    """Return the degree after a change of état. Done is « totale » only with a source."""
    if etat in DEGRES_DES_ETATS:
        return DEGRES_DES_ETATS[Etat(etat)]
    if etat == Etat.REALISEE:
        return Degre.TOTALE if a_source or degre == Degre.TOTALE else Degre.SANS_PREUVE
    if etat_avant in DEGRES_DES_ETATS or degre == Degre.TOTALE:
        return Degre.SANS_PREUVE
    return degre


def dit_par_la_direction(etat: str, degre: str) -> str:
    """Return the verdict of the direction, on the scale of who asked; "" when it says nothing to compare."""
    if degre in {Degre.EN_COURS, Degre.INCOMPLETE}:
        return Jugement.EN_PARTIE
    if etat == Etat.REALISEE or degre == Degre.TOTALE:
        return Jugement.FAIT
    if degre in {Degre.NON_MISE_EN_OEUVRE, Degre.REFUS}:
        return Jugement.PAS_FAIT
    return ""


class UnVerdict(Protocol):
    @property
    def jugement(self) -> str: ...
    @property
    def dit(self) -> str: ...
    @property
    def mot_public(self) -> str: ...


@dataclass(frozen=True, slots=True)
class DeuxVerdicts:
    """`direction`: « C’est fait », "" when it says nothing to compare. `voix`: how many say what. `mots`: those published."""

    direction: str
    voix: Sequence[tuple[str, int]]
    mots: Sequence[UnVerdict]


def deux_verdicts(etat: str, degre: str, donnes: Sequence[UnVerdict]) -> DeuxVerdicts | None:
    """Put side by side what the direction says and the last verdict of each who asked; None before the first."""
    if not donnes:
        return None
    dit = dit_par_la_direction(etat, degre)
    comptes = Counter(verdict.jugement for verdict in donnes)
    return DeuxVerdicts(
        direction=majuscule(Jugement(dit).label) if dit else "",
        voix=[(majuscule(sorte.label), comptes[sorte]) for sorte in Jugement if comptes[sorte]],
        mots=[verdict for verdict in donnes if verdict.mot_public],
    )
