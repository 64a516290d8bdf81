"""Papers required with a projet, and the type of each joined file."""

from typing import ClassVar

from django.db import models
from django.urls import reverse

from contrat_ville import workflow
from contrat_ville.models.porteurs import Porteur
from participation.socle.francais import enumerer
from participation.socle.models import CleEtrangere, LigneDeJournal, Suivi, ineffacable
from participation.socle.workflow import Table


class TypePiece(Suivi):
    """A paper required with a projet, from all porteurs or from some kinds of them."""

    SUJET = "la pièce demandée"
    TRANSITIONS: ClassVar[Table] = workflow.TRANSITIONS_DE_LA_PIECE

    code = models.SlugField("code", max_length=40, unique=True)
    nom = models.CharField("nom", max_length=120)
    aide = models.CharField("aide", max_length=300, blank=True)
    natures = models.CharField(
        "demandée à",
        max_length=120,
        blank=True,
        help_text="Natures de porteurs, séparées par des virgules. Vide : tous.",
    )
    est_obligatoire = models.BooleanField("obligatoire", default=True)
    est_reservee = models.BooleanField(
        "réservée à l’instruction",
        default=False,
        help_text="Qui donne un avis par un lien ne la lit pas : coordonnées bancaires, noms de personnes.",
    )
    ordre = models.PositiveSmallIntegerField("ordre", default=0)
    est_active = models.BooleanField("demandée", default=True)

    class Meta:
        verbose_name = "type de pièce"
        verbose_name_plural = "types de pièces"
        ordering = ["ordre", "nom"]

    def __str__(self) -> str:
        return self.nom

    def get_absolute_url(self) -> str:
        return reverse("contrat_ville:type_piece", args=[self.pk])

    @property
    def fil_avant(self) -> list[tuple[str, str]]:
        return [
            ("Ma journée", reverse("socle:journee")),
            ("Programmations", reverse("contrat_ville:programmations")),
            ("Pièces demandées", reverse("contrat_ville:types_piece")),
        ]

    @property
    def liste_des_natures(self) -> list[str]:
        return [mot.strip() for mot in self.natures.split(",") if mot.strip()]

    @property
    def demandee_a(self) -> str:
        """Kinds of porteurs asked for this paper, in words."""
        connues = dict(Porteur.Nature.choices)
        return enumerer(str(connues.get(n, n)) for n in self.liste_des_natures) or "tous les porteurs"

    def concerne(self, nature: str) -> bool:
        return not self.natures or nature in self.liste_des_natures


class EntreeTypePiece(LigneDeJournal):
    """One line of the journal of a required paper. The database refuses to change or remove it."""

    type_piece = CleEtrangere(TypePiece, related_name="journal")

    class Meta(LigneDeJournal.Meta):
        verbose_name = "entrée du journal d’une pièce demandée"
        verbose_name_plural = "journal des pièces demandées"
        triggers = [ineffacable("type_piece")]


class PieceProjet(models.Model):
    """What a joined file is: statutes, accounts, bank details. One file may be several of them."""

    piece = CleEtrangere(
        "socle.Piece", on_delete=models.CASCADE, related_name="du_projet", verbose_name="pièce"
    )
    type_piece = CleEtrangere(TypePiece, related_name="pieces", verbose_name="type")

    class Meta:
        verbose_name = "pièce d’un projet"
        verbose_name_plural = "pièces des projets"
        constraints = [
            models.UniqueConstraint(
                fields=["piece", "type_piece"],
                name="piece_projet_unique",
                violation_error_message="Ce fichier est déjà joint sous ce titre.",
            )
        ]

    def __str__(self) -> str:
        return str(self.type_piece)
