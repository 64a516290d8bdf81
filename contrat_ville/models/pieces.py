"""The papers of a projet, each of its kind."""

from django.db import models

from participation.socle.models import CleEtrangere


class PieceProjet(models.Model):
    """Which paper a joined file is: statutes, accounts, bank details."""

    piece = models.OneToOneField(
        "socle.Piece", models.CASCADE, related_name="du_projet", verbose_name="pièce"
    )
    type_piece = CleEtrangere("contrat_ville.TypePiece", related_name="pieces", verbose_name="type")

    class Meta:
        verbose_name = "pièce d’un projet"
        verbose_name_plural = "pièces des projets"

    def __str__(self) -> str:
        return str(self.type_piece)
