"""« Ce que ma voix a payé »: computed from the choices of a ballot alone. Nothing is stored for each ballot."""

from dataclasses import dataclass
from fractions import Fraction

from participation.budgets.depouillement.donnees import Choix, ProjetMis, Resultat


@dataclass(frozen=True)
class LignePayee:
    """`par_sa_part`: paid from the share of the voter; else, their portion of what the budget paid."""

    numero: str
    euros: Fraction
    par_sa_part: bool


def ce_que_paie(
    choix: Choix, resultat: Resultat, projets: dict[str, ProjetMis], points: dict[str, int]
) -> tuple[list[LignePayee], Fraction | None]:
    """Return what a ballot paid for, in the order of the count, and the rest of its share.

    The rest is None without shares. `points`: total points of each project.
    """
    donnes = dict(choix)
    reste = resultat.part if choix else None
    lignes = []
    for etape in resultat.etapes:
        if etape.numero not in donnes:
            continue
        sien = donnes[etape.numero]
        if etape.prix is not None and reste is not None:
            paye = min(reste, etape.prix * sien)
            reste -= paye
            lignes.append(LignePayee(etape.numero, paye, True))
        else:
            cout = projets[etape.numero].cout
            lignes.append(LignePayee(etape.numero, Fraction(cout * sien, points[etape.numero]), False))
    return lignes, reste
