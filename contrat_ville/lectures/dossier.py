"""What the page of a projet shows beside what every dossier has."""

from dataclasses import dataclass
from decimal import Decimal

from contrat_ville.models import LigneBudget, Projet
from contrat_ville.workflow.etats import Sens


@dataclass(frozen=True, slots=True)
class Budget:
    """The two sides of a budget, and their totals."""

    depenses: list[LigneBudget]
    recettes: list[LigneBudget]

    @property
    def total_depenses(self) -> Decimal:
        return sum((ligne.montant for ligne in self.depenses), start=Decimal(0))

    @property
    def total_recettes(self) -> Decimal:
        return sum((ligne.montant for ligne in self.recettes), start=Decimal(0))


def budget_de(projet: Projet) -> Budget:
    lignes = list(projet.budget.select_related("financeur"))
    return Budget(
        [ligne for ligne in lignes if ligne.sens == Sens.DEPENSE],
        [ligne for ligne in lignes if ligne.sens == Sens.RECETTE],
    )


def textes_de(projet: Projet) -> list[tuple[str, str]]:
    """What the team wrote, in the order of the form; what is empty is left out."""
    noms = {champ.name: str(champ.verbose_name) for champ in Projet._meta.concrete_fields}
    return [
        (noms[champ], texte)
        for champ in (
            "objet",
            "description",
            "objectifs",
            "publics",
            "participation_habitants",
            "moyens_humains",
            "moyens_materiels",
            "evaluation_prevue",
        )
        if (texte := getattr(projet, champ))
    ]
