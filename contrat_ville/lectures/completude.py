"""What a projet still lacks, by step of its form. Shown while writing, and checked at the deposit."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

from contrat_ville.models import LigneBudget, PieceProjet, Projet, TypePiece
from contrat_ville.models.manques import CHAMPS_DES_ETAPES, manques_de_l_etape
from participation.socle.models import Compte, Piece

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
    jointes = {
        jointe.type_piece_id: jointe.piece
        for jointe in projet_pieces(projet)
        if jointe.piece.retiree_le is None
    }
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
    jointes = list(projet_pieces(projet).filter(piece__retiree_le=None).order_by("piece"))
    cles = [jointe.piece_id for jointe in jointes]
    lues = set(Piece.objects.visibles_par(compte).filter(pk__in=cles).values_list("pk", flat=True))
    return [(jointe, jointe.piece_id in lues) for jointe in jointes]


def projet_pieces(projet: Projet) -> Any:
    return PieceProjet.objects.filter(piece__dossier=projet.pk).select_related("piece", "type_piece")


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
