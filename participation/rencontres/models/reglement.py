"""The règlement of the rencontres: figures that the service sets."""

from typing import ClassVar

from django.db import models

from participation.inscriptions.models import ReglementInscriptions
from participation.socle.models import ReglementQuerySet


class ReglementRencontresQuerySet(ReglementQuerySet["ReglementRencontres"]):
    """Versions of the règlement of the rencontres."""


class ReglementRencontres(ReglementInscriptions):
    notes_par_heure = models.PositiveSmallIntegerField(
        "notes prises à une table en une heure",
        default=200,
        db_default=200,
        help_text="Au-delà, le lien de la table ne prend plus rien pendant une heure.",
    )
    gommettes_par_personne = models.PositiveSmallIntegerField(
        "gommettes de chaque personne", default=3, db_default=3
    )
    conservation_jours = models.PositiveSmallIntegerField(
        "effacer qui était inscrit, tant de jours après", default=60
    )

    objects: ClassVar[ReglementRencontresQuerySet] = ReglementRencontresQuerySet.as_manager()  # type: ignore[assignment]

    class Meta(ReglementInscriptions.Meta):
        verbose_name = "règlement des rencontres"
        verbose_name_plural = "règlements des rencontres"
