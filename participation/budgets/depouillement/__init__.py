"""Count of a vote on projects: ballots and a rule in, the winning projects out. Exact, without database."""

from participation.budgets.depouillement.donnees import (
    Augmentation,
    Choix,
    Etape,
    ProjetMis,
    Regle,
    Resultat,
    Urne,
    Utilite,
    Variante,
)
from participation.budgets.depouillement.glouton import completer, glouton
from participation.budgets.depouillement.parts_egales import Suivre, parts_egales
from participation.budgets.depouillement.recus import LignePayee, ce_que_paie


def depouiller(
    urne: Urne, variante: Variante, regle: Regle | None = None, suivre: Suivre | None = None
) -> Resultat:
    """Count the ballots by the rule of the variant, or by `regle` for a comparison."""
    if (regle or variante.regle) == Regle.GLOUTON:
        return glouton(urne, variante)
    return parts_egales(urne, variante, suivre)
