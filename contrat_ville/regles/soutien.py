"""Objections of the règlement to a grant for one projet, in sentences: shown before the decision."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from participation.socle.francais import montant


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
            f"Le total, {montant(total)}, dépasse {faits.part_maximale} % du coût ({montant(faits.cout)})."
        )
    if faits.recevable is None:
        phrases.append("Sa recevabilité n’est pas encore dite.")
    elif not faits.recevable:
        phrases.append("Il n’est pas recevable.")
    if faits.bilans:
        phrases.append(f"Le porteur doit encore un bilan : {', '.join(faits.bilans)}.")
    return phrases
