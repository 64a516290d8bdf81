"""Delays of a convocation, hours typed, shares of a number, result of a vote. No query, no clock.

In « jours francs », neither the day of sending nor the day of the séance counts; Sundays count like other
days (L2121-12 CGCT). In calendar or working days, « cinq jours au moins avant la séance » (CRPA R133-8): the
day of the séance does not count, the day of sending does.

The règlement chooses what a majority is a share of. Either the votes cast, « pour » and « contre »:
abstentions and « ne prend pas part » are shown and not counted (L2121-20 CGCT). Or the members present or
represented: then every member who does not vote for counts against (CRPA R133-11). Nothing is adopted without
a vote cast. When « pour » equals « contre », the president's vote decides if the règlement says so. In a
secret ballot this vote is unknown: under « plus de la moitié », a tie then adopts nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum

from participation.seances.workflow import BaseMajorite, Part, Sens
from participation.socle.calendrier import est_ouvre
from participation.socle.francais import accorder, enumerer, pluriel


class Unite(StrEnum):
    FRANCS = "francs"
    OUVRES = "ouvres"
    CALENDAIRES = "calendaires"


def date_limite_convocation(debut: date, delai: int, unite: str) -> date:
    """Return the last day on which a convocation may be sent for a séance held on `debut`.

    Raises ValueError on an unknown unit or a negative delay.
    """
    if delai < 0:
        raise ValueError("A delay is not negative.")
    match Unite(unite):
        case Unite.FRANCS:
            # A delay of 0 clear days still ends the day before: the day of the séance never counts.
            return debut - timedelta(days=delai + 1)
        case Unite.CALENDAIRES:
            return debut - timedelta(days=delai)
        case Unite.OUVRES:
            jour = debut
            for _ in range(delai):
                jour = _jour_ouvre_avant(jour)
            return jour


def dernier_jour(jour: date, rang: int, delai: int, unite: str, delai_seconde: int) -> date:
    """Return the last day to convene a séance held on `jour`.

    A second convocation (`rang` > 1) has its own shorter delay, in calendar days.
    """
    if rang > 1:
        return date_limite_convocation(jour, delai_seconde, Unite.CALENDAIRES)
    return date_limite_convocation(jour, delai, unite)


def en_mots(delai: int, unite: str) -> str:
    """Return the delay in words: « 5 jours francs », « 1 jour ouvré »."""
    adjectif = {Unite.FRANCS: " franc", Unite.OUVRES: " ouvré", Unite.CALENDAIRES: ""}[Unite(unite)]
    return accorder(delai, f"jour{adjectif}")


def _jour_ouvre_avant(jour: date) -> date:
    jour -= timedelta(days=1)
    while not est_ouvre(jour):
        jour -= timedelta(days=1)
    return jour


MIDI = time(12)


def jour_de_fin(jour: date, de: time, a: time) -> date:
    """Return the day of the end. 20:00 to 0:30 ends the next day.

    18:00 to 17:00 is a mistake: it stays on the same day, so that the form refuses it.
    """
    return jour + timedelta(days=1) if a < de and a < MIDI else jour


def combien(part: str, sur: int) -> int:
    """Return the smallest whole number that reaches the share `part` of `sur`, at least 1; 0 for Part.AUCUNE."""
    if part == Part.AUCUNE:
        return 0
    exact = {
        Part.TIERS: -(-sur // 3),
        Part.MOITIE: -(-sur // 2),
        Part.MAJORITE: sur // 2 + 1,
        Part.DEUX_TIERS: -(-2 * sur // 3),
        Part.UNANIMITE: sur,
    }[Part(part)]
    return max(1, exact)


ADOPTE, REJETE = "adopte", "rejete"


@dataclass(frozen=True, slots=True)
class VoixComptees:
    pour: int = 0
    contre: int = 0
    abstention: int = 0
    nppv: int = 0
    presents: int = 0  # members present or represented who may vote

    def __add__(self, autre: "VoixComptees") -> "VoixComptees":
        return VoixComptees(
            self.pour + autre.pour,
            self.contre + autre.contre,
            self.abstention + autre.abstention,
            self.nppv + autre.nppv,
            self.presents + autre.presents,
        )

    def base(self, base: str) -> int:
        return self.exprimes if base == BaseMajorite.EXPRIMES else max(self.presents, self.total)

    @property
    def exprimes(self) -> int:
        return self.pour + self.contre

    @property
    def total(self) -> int:
        return self.exprimes + self.abstention + self.nppv


@dataclass(frozen=True, slots=True)
class Issue:
    """Result of a vote: ADOPTE or REJETE. `a_l_egalite`: the president's vote decided a tie."""

    resultat: str
    a_l_egalite: bool = False


def est_a_egalite(decompte: VoixComptees, majorite: str, base: str = BaseMajorite.EXPRIMES) -> bool:
    """Whether « pour » equals « contre » and one more vote for would have reached the majority."""
    return (
        decompte.pour == decompte.contre > 0
        and majorite in {Part.MAJORITE, Part.AUCUNE}
        and (
            base == BaseMajorite.EXPRIMES or decompte.pour + 1 >= combien(Part.MAJORITE, decompte.base(base))
        )
    )


def est_majoritaire(decompte: VoixComptees, majorite: str, base: str = BaseMajorite.EXPRIMES) -> bool:
    if majorite == Part.AUCUNE:  # more for than against
        majorite, base = Part.MAJORITE, BaseMajorite.EXPRIMES
    return decompte.exprimes > 0 and decompte.pour >= combien(majorite, decompte.base(base))


def depouiller(
    par_college: Mapping[int, VoixComptees],
    majorite: str = Part.MAJORITE,
    par_college_requis: bool = False,
    voix_du_president: str = "",
    base: str = BaseMajorite.EXPRIMES,
) -> Issue:
    """Return the result of a vote.

    `par_college`: the count of each collège that had voters. `par_college_requis`: the whole and each collège
    must reach the majority. `voix_du_president`: the president's vote, "" if unknown or without casting vote.
    """
    ensemble = sum(par_college.values(), VoixComptees())
    if par_college_requis and not all(est_majoritaire(d, majorite, base) for d in par_college.values()):
        return Issue(REJETE)
    if est_a_egalite(ensemble, majorite, base) and voix_du_president in {Sens.POUR, Sens.CONTRE}:
        return Issue(ADOPTE if voix_du_president == Sens.POUR else REJETE, a_l_egalite=True)
    return Issue(ADOPTE if est_majoritaire(ensemble, majorite, base) else REJETE)


def raison_du_rejet(
    decomptes: Mapping[str, VoixComptees],
    majorite: str,
    par_college_requis: bool = False,
    base: str = BaseMajorite.EXPRIMES,
) -> str:
    """Return why a vote with more voices for than against was rejected, in a sentence; "" when the counts say it.

    `decomptes`: by name of collège. « Il manque la majorité demandée dans le collège « A ». »
    """
    ensemble = sum(decomptes.values(), VoixComptees())
    if not est_majoritaire(ensemble, majorite, base):
        if ensemble.pour <= ensemble.contre:
            return ""
        voix = combien(majorite, ensemble.base(base))
        return f"Il fallait {accorder(voix, 'voix', 'voix')} pour : {Part(majorite).label} des {BaseMajorite(base).label}."
    sans = [
        nom for nom, d in decomptes.items() if par_college_requis and not est_majoritaire(d, majorite, base)
    ]
    if not sans:
        return ""
    dits = enumerer(f"« {nom} »" for nom in sans)
    return f"Il manque la majorité demandée dans {pluriel(len(sans), 'le collège,les collèges')} {dits}."


LOIS = {BaseMajorite.EXPRIMES: "{loi_exprimes}", BaseMajorite.PRESENTS: "{loi_presents}"}


def deux_lectures(
    par_college: Mapping[int, VoixComptees],
    majorite: str,
    par_college_requis: bool = False,
    voix_du_president: str = "",
) -> str:
    """Return the result on each base of majority, in sentences for `ici`.

    « Sur les voix exprimées ({loi_exprimes}) : adopté, 10 sur 19. Sur les membres présents ou représentés
    (…) : rejeté, 10 sur 32. »
    """
    ensemble = sum(par_college.values(), VoixComptees())
    dits = []
    for base in BaseMajorite:
        issue = depouiller(par_college, majorite, par_college_requis, voix_du_president, base)
        mot = "adopté" if issue.resultat == ADOPTE else "rejeté"
        dits.append(
            f"Sur les {base.label} ({LOIS[base]}) : {mot}, {ensemble.pour} sur {ensemble.base(base)}."
        )
    return " ".join(dits)
