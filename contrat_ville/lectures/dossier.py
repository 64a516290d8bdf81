"""Parts of the page of a projet that other dossiers do not have: budget, texts."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from contrat_ville.models import LigneBudget, Projet
from contrat_ville.workflow.etats import Sens
from participation.socle.regles.differences import Difference


@dataclass(frozen=True, slots=True)
class Budget:
    """The two sides of a budget, with their totals."""

    depenses: list[LigneBudget]
    recettes: list[LigneBudget]

    @property
    def total_depenses(self) -> Decimal:
        return sum((ligne.montant for ligne in self.depenses), start=Decimal(0))

    @property
    def total_recettes(self) -> Decimal:
        return sum((ligne.montant for ligne in self.recettes), start=Decimal(0))

    @property
    def est_rendu(self) -> bool:
        """Whether the bilan gave the real amount of a line."""
        return any(ligne.realise is not None for ligne in (*self.depenses, *self.recettes))

    @property
    def depenses_realisees(self) -> Decimal:
        return sum((ligne.realise or Decimal(0) for ligne in self.depenses), start=Decimal(0))

    @property
    def recettes_realisees(self) -> Decimal:
        return sum((ligne.realise or Decimal(0) for ligne in self.recettes), start=Decimal(0))


def budget_de(projet: Projet) -> Budget:
    lignes = list(projet.budget.select_related("financeur"))
    return Budget(
        [ligne for ligne in lignes if ligne.sens == Sens.DEPENSE],
        [ligne for ligne in lignes if ligne.sens == Sens.RECETTE],
    )


TEXTES = (
    "objet",
    "description",
    "objectifs",
    "publics",
    "participation_habitants",
    "moyens_humains",
    "moyens_materiels",
    "evaluation_prevue",
)

# The labels of the form address the team (« ce que vous voulez faire »). These titles suit all readers.
TITRES = {
    "description": "ce qui se fera",
    "moyens_materiels": "ce qu’il faut pour le faire",
    "evaluation_prevue": "à quoi se verra la réussite",
}


def textes_de(
    projet: Projet, changements: Mapping[str, list[Difference]] | None = None
) -> list[tuple[str, str, list[Difference]]]:
    """(title, text, changes made by a complément), in the order of the form.

    Fields that are empty and unchanged are left out.
    """
    noms = {champ.name: str(champ.verbose_name) for champ in Projet._meta.concrete_fields} | TITRES
    lus = [(noms[c], str(getattr(projet, c)), (changements or {}).get(c, [])) for c in TEXTES]
    return [lu for lu in lus if lu[1] or lu[2]]
