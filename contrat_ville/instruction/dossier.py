"""What the dossier of a projet holds: texts, budget, documents, steps left to fill, suites."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from contrat_ville.models import LigneBudget, PieceProjet, Projet, TypePiece
from contrat_ville.models.manques import CHAMPS_DES_ETAPES, manques_de_l_etape
from contrat_ville.regles import Ligne, equilibre
from contrat_ville.workflow import Etat, Sens
from participation.socle.models import Compte, Piece
from participation.socle.regles.differences import Difference


@dataclass(frozen=True, slots=True)
class Cote:
    """One side of a budget. What is given in kind has a value, and pays nothing: it is counted apart."""

    lignes: list[LigneBudget]

    @property
    def total(self) -> Decimal:
        return sum((ligne.montant for ligne in self.lignes if not ligne.est_en_nature), start=Decimal(0))

    @property
    def en_nature(self) -> Decimal:
        return sum((ligne.montant for ligne in self.lignes if ligne.est_en_nature), start=Decimal(0))

    @property
    def realise(self) -> Decimal:
        return sum(
            (ligne.realise or Decimal(0) for ligne in self.lignes if not ligne.est_en_nature),
            start=Decimal(0),
        )

    @property
    def en_nature_realise(self) -> Decimal:
        return sum(
            (ligne.realise or Decimal(0) for ligne in self.lignes if ligne.est_en_nature), start=Decimal(0)
        )


@dataclass(frozen=True, slots=True)
class Budget:
    depenses: Cote
    recettes: Cote

    @property
    def est_rendu(self) -> bool:
        """Whether the bilan gave the real amount of a line."""
        return any(
            ligne.realise is not None for cote in (self.depenses, self.recettes) for ligne in cote.lignes
        )


def budget_de(projet: Projet, lues: Iterable[LigneBudget] | None = None) -> Budget:
    """Return the budget. `lues`: its lines with their financers, if already read."""
    lignes = list(projet.budget.select_related("financeur") if lues is None else lues)
    if any(ligne.realise is not None for ligne in lignes):
        accordes = dict(projet.financements.values_list("financeur", "accorde"))
        for ligne in lignes:
            ligne.accorde = accordes.get(ligne.financeur_id or 0)
    return Budget(
        Cote([ligne for ligne in lignes if ligne.sens == Sens.DEPENSE]),
        Cote([ligne for ligne in lignes if ligne.sens == Sens.RECETTE]),
    )


def desequilibre_de(projet: Projet) -> tuple[str, ...]:
    """Return what is wrong in the budget of a projet that is filed, as imported budgets may be."""
    ecrites: Any = projet.budget.all()
    lignes = [Ligne(une.sens, une.poste, une.montant) for une in ecrites]
    return equilibre(lignes).manques if lignes and projet.etat != Etat.BROUILLON else ()


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


ETAPES = {
    "porteur": "Qui porte",
    "projet": "Le projet",
    "publics": "Pour qui, où",
    "moyens": "Comment, quand",
    "budget": "Budget",
    "pieces": "Pièces",
    "equipe": "Équipe",
    "deposer": "Relire et déposer",
}


@dataclass(frozen=True, slots=True)
class EtapeLue:
    """A step of the form, with what it lacks, in sentences."""

    cle: str
    titre: str
    manques: list[str] = field(default_factory=list)

    @property
    def est_complete(self) -> bool:
        return not self.manques


def etapes_de(projet: Projet) -> list[EtapeLue]:
    """Return the steps to fill in, in order. « equipe » and « deposer » have nothing to fill in."""
    return [
        EtapeLue(cle, titre, manques_de_l_etape(projet, cle))
        for cle, titre in ETAPES.items()
        if cle in CHAMPS_DES_ETAPES
    ]


def pieces_de(projet: Projet) -> list[tuple[TypePiece, Any]]:
    """(required paper, joined file or None), for this kind of porteur."""
    jointes = {jointe.type_piece_id: jointe.piece for jointe in pieces_en_cours(projet)}
    nature = projet.porte_par.nature if projet.porte_par else ""
    return [
        (type_piece, jointes.get(type_piece.pk))
        for type_piece in TypePiece.objects.filter(est_active=True)
        if not nature or type_piece.concerne(nature)
    ]


def pieces_jointes(projet: Projet, compte: Compte) -> list[tuple[PieceProjet, bool]]:
    """(piece, whether the account may open it).

    For the team, a file can be read by the person who joined it and by the author of the projet.
    """
    jointes = pieces_en_cours(projet)
    cles = [jointe.piece_id for jointe in jointes]
    lues = set(Piece.objects.visibles_par(compte).filter(pk__in=cles).values_list("pk", flat=True))
    return [(jointe, jointe.piece_id in lues) for jointe in jointes]


def pieces_en_cours(projet: Projet) -> list[PieceProjet]:
    """The file that now stands for each type: the last one said to be of it."""
    liens = PieceProjet.objects.filter(piece__dossier=projet.pk, piece__retiree_le=None)
    dernieres = {
        lien.type_piece_id: lien for lien in liens.select_related("piece", "type_piece").order_by("pk")
    }
    return sorted(dernieres.values(), key=lambda lien: (lien.piece_id, lien.pk))


def initiales_du_budget(projet: Projet, sens: str) -> list[dict[str, Any]]:
    """Lines of one side of the budget, as initial values of the form."""
    lignes: Any = LigneBudget.objects.filter(projet=projet.pk, sens=sens).select_related("financeur")
    return [
        {
            "poste": f"f:{ligne.financeur_id}" if ligne.financeur_id else ligne.poste,
            "libelle": ligne.libelle,
            "montant": ligne.montant,
        }
        for ligne in lignes
    ]


def version_du_budget(projet: Projet) -> str:
    """Hash of the budget, to detect that it changed since the page was opened."""
    lignes = list(projet.budget.values_list("sens", "poste", "libelle", "montant", "financeur"))
    return hashlib.sha256(repr(lignes).encode()).hexdigest()[:32]
