"""Accounts of a projet once its bilan is received: spent, received, owed, to give back."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from contrat_ville.bilan.comptes.regles import Comptes, definitifs, desequilibre
from contrat_ville.models import Financement, LigneBudget, Projet, Reversement
from contrat_ville.workflow.etats import Sens


def comptes_de(projet: Projet) -> Comptes:
    lignes = [ligne for ligne in projet.budget.all() if not ligne.est_en_nature]
    depenses = [ligne for ligne in lignes if ligne.sens == Sens.DEPENSE]
    dites = [ligne.realise for ligne in depenses if ligne.realise is not None]
    accordes = {f.financeur_id: f.accorde or Decimal(0) for f in projet.financements.filter(accorde__gt=0)}
    autres = [
        ligne.realise or Decimal(0)
        for ligne in lignes
        if ligne.sens == Sens.RECETTE and ligne.financeur_id not in accordes
    ]
    return Comptes(
        prevu=sum((ligne.montant for ligne in depenses), start=Decimal(0)),
        depense=sum(dites, start=Decimal(0)) if dites else None,
        autres=sum(autres, start=Decimal(0)),
        accordes=accordes,
    )


def definitifs_proposes(projet: Projet) -> dict[int, Decimal]:
    """Return {financer: what the règlement of the programmation says it owes in the end}."""
    programmation = projet.programmation
    return definitifs(
        comptes_de(projet), regle=programmation.regle_excedent, seuil=programmation.seuil_reversement
    )


@dataclass(frozen=True, slots=True)
class ComptesLus:
    """Accounts shown: sums of the bilan, what stands out, and what each financer owes once they are settled."""

    depense: Decimal
    prevu: Decimal
    recettes: Decimal
    ecart: str
    excedent: Decimal
    financements: list[Financement]
    reversements: list[Reversement]

    @property
    def part(self) -> int | None:
        """Percentage of the planned expenses that was spent."""
        return int(100 * self.depense / self.prevu) if self.prevu else None


def comptes_lus(projet: Projet) -> ComptesLus | None:
    """Return None until a bilan says what was spent."""
    comptes = comptes_de(projet)
    if comptes.depense is None:
        return None
    _, recettes = sommes_dites(projet.budget.all())
    return ComptesLus(
        comptes.depense,
        comptes.prevu,
        recettes,
        desequilibre(comptes.depense, recettes),
        comptes.excedent,
        list(projet.financements.filter(accorde__gt=0).select_related("financeur")),
        list(
            Reversement.objects.filter(financement__projet=projet.pk, annule_le=None).select_related(
                "financement__financeur"
            )
        ),
    )


def sommes_dites(lignes: Iterable[LigneBudget]) -> tuple[Decimal, Decimal]:
    """Return (expenses, receipts) of a bilan, in money."""
    sommes = dict.fromkeys(Sens.values, Decimal(0))
    for ligne in lignes:
        if not ligne.est_en_nature:
            sommes[ligne.sens] += ligne.realise or Decimal(0)
    return sommes[Sens.DEPENSE], sommes[Sens.RECETTE]


def ecart_de(lignes: Iterable[LigneBudget]) -> str:
    """Return the difference of the two sides in a sentence; "" when they are equal."""
    return desequilibre(*sommes_dites(lignes))
