"""Arithmetic of the enveloppes, and what stands against the support of a projet."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from contrat_ville.regles.montants import ZERO, repartir
from participation.socle.francais import montant
from participation.socle.regles.montants import CENTIME

UN = Decimal(1)


@dataclass(frozen=True, slots=True)
class Enveloppe:
    """An envelope. `axe` or `quartier` None means all. `nom` describes the envelope in words."""

    cle: int
    financeur: int
    axe: int | None
    quartier: int | None
    montant: Decimal
    nom: str = ""

    def couvre(self, part: "Part") -> bool:
        return (
            self.financeur == part.financeur
            and self.axe in (None, part.axe)
            and (self.quartier is None or self.quartier in part.quartiers)
        )


@dataclass(frozen=True, slots=True)
class Part:
    """Amount given by one financer to one projet."""

    projet: int
    financeur: int
    axe: int | None
    quartiers: tuple[int, ...]
    montant: Decimal


@dataclass(frozen=True, slots=True)
class Depassement:
    enveloppe: Enveloppe
    pris: Decimal

    @property
    def trop(self) -> Decimal:
        return self.pris - self.enveloppe.montant

    @property
    def phrase(self) -> str:
        return (
            f"{self.enveloppe.nom} : {montant(self.pris)} pour une enveloppe de {montant(self.enveloppe.montant)}, "
            f"soit {montant(self.trop)} de trop."
        )


def par_quartier(part: "Part") -> dict[int, Decimal]:
    """Return equal shares to the cent, whose sum is exact: the remaining cents go to the first keys."""
    cles = sorted(set(part.quartiers))
    return dict(zip(cles, repartir(part.montant, [UN] * len(cles)), strict=True)) if cles else {}


def prise(enveloppe: Enveloppe, part: Part) -> Decimal:
    if not enveloppe.couvre(part):
        return ZERO
    if enveloppe.quartier is None:
        return part.montant
    return par_quartier(part)[enveloppe.quartier]


def consommations(enveloppes: Sequence[Enveloppe], parts: Iterable[Part]) -> dict[int, Decimal]:
    """Return {key of the envelope: amount taken}."""
    prises = dict.fromkeys((e.cle for e in enveloppes), ZERO)
    par_financeur: dict[int, list[Enveloppe]] = {}
    for enveloppe in enveloppes:
        par_financeur.setdefault(enveloppe.financeur, []).append(enveloppe)
    for part in parts:
        for enveloppe in par_financeur.get(part.financeur, ()):
            prises[enveloppe.cle] += prise(enveloppe, part)
    return prises


def depassements(enveloppes: Sequence[Enveloppe], parts: Iterable[Part]) -> list[Depassement]:
    prises = consommations(enveloppes, parts)
    return [Depassement(e, prises[e.cle]) for e in enveloppes if prises[e.cle] > e.montant]


def hors_enveloppe(enveloppes: Sequence[Enveloppe], parts: Iterable[Part]) -> list[Part]:
    """Return the parts that the envelopes of their financer do not cover completely.

    Only for financers that have envelopes. A part over two quartiers, one of which has no envelope, is
    returned.
    """
    par_financeur: dict[int, list[Enveloppe]] = {}
    for enveloppe in enveloppes:
        par_financeur.setdefault(enveloppe.financeur, []).append(enveloppe)
    return [
        part
        for part in parts
        if part.montant > 0
        and (siennes := par_financeur.get(part.financeur))
        and not _est_couverte(siennes, part)
    ]


def _est_couverte(enveloppes: Sequence[Enveloppe], part: Part) -> bool:
    couvrent = [e for e in enveloppes if e.couvre(part)]
    if any(e.quartier is None for e in couvrent):
        return True
    return bool(part.quartiers) and {e.quartier for e in couvrent} == set(part.quartiers)


def reste_pour(
    enveloppes: Sequence[Enveloppe], prises: dict[int, Decimal], part: Part, voulu: Decimal
) -> Decimal:
    """Return the most that `part` may get, up to `voulu`, once `prises` is taken from the envelopes.

    Zero if no envelope covers it, unless its financer has no envelope at all.
    """
    siennes = [e for e in enveloppes if e.financeur == part.financeur]
    if siennes and not _est_couverte(siennes, part):
        return ZERO
    plafonds = [_cents(voulu)]
    quartiers = sorted(set(part.quartiers))
    for enveloppe in siennes:
        if not enveloppe.couvre(part):
            continue
        libre = max(0, _cents(enveloppe.montant - prises[enveloppe.cle]))
        if enveloppe.quartier is None:
            plafonds.append(libre)
        else:
            # Largest sum whose share for this quartier is at most `libre`: its remaining cents go to the
            # quartiers before it.
            plafonds.append(libre * len(quartiers) + quartiers.index(enveloppe.quartier))
    return min(plafonds) * CENTIME


def remplir(enveloppes: Sequence[Enveloppe], voulues: Iterable[Part]) -> list[Part]:
    """Give each part what it asks, or what is left for it, in this order. No envelope is exceeded."""
    prises = dict.fromkeys((e.cle for e in enveloppes), ZERO)
    donnees = []
    for voulue in voulues:
        donnee = replace(voulue, montant=reste_pour(enveloppes, prises, voulue, voulue.montant))
        for enveloppe in enveloppes:
            prises[enveloppe.cle] += prise(enveloppe, donnee)
        donnees.append(donnee)
    return donnees


def _cents(somme: Decimal) -> int:
    return int((somme / CENTIME).to_integral_value())


@dataclass(frozen=True, slots=True)
class Demande:
    """Amount asked of one financer, and amount it gives."""

    financeur: str
    demande: Decimal
    donne: Decimal


@dataclass(frozen=True, slots=True)
class Faits:
    """`recevable` None: not decided yet.

    `bilans`: references of the projets of the same porteur whose bilan is late.
    """

    cout: Decimal
    demandes: Sequence[Demande]
    part_maximale: int
    recevable: bool | None = True
    bilans: Sequence[str] = ()


def reproches(faits: Faits) -> list[str]:
    """Return the objections; empty when there is none or when nothing is given."""
    total = sum((d.donne for d in faits.demandes), start=Decimal(0))
    if total <= 0:
        return []
    phrases = [
        f"{d.financeur} donne {montant(d.donne)} : le projet lui en demande {montant(d.demande)}."
        for d in faits.demandes
        if d.donne > d.demande
    ]
    if faits.cout <= 0:
        phrases.append("Le coût du projet n’est pas dit : la part financée ne se calcule pas.")
    elif 100 * total > faits.part_maximale * faits.cout:
        phrases.append(
            f"Le total, {montant(total)}, dépasse {faits.part_maximale} % du coût en argent ({montant(faits.cout)})."
        )
    if faits.recevable is None:
        phrases.append("Sa recevabilité n’est pas encore dite.")
    elif not faits.recevable:
        phrases.append("Il n’est pas recevable.")
    if faits.bilans:
        phrases.append(f"Le porteur doit encore un bilan : {', '.join(faits.bilans)}.")
    return phrases
