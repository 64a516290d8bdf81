"""The règlement of the rencontres: figures that the service sets."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from participation.socle.models import Reglement, ReglementQuerySet


def rappels_de_depart() -> list[int]:
    return [7, 1]


class ReglementRencontresQuerySet(ReglementQuerySet["ReglementRencontres"]):
    """Versions of the règlement of the rencontres."""


class ReglementRencontres(Reglement):
    delai_confirmation_jours = models.PositiveSmallIntegerField(
        "une inscription en ligne attend la preuve de son adresse (jours)", default=3
    )
    offre_jours = models.PositiveSmallIntegerField(
        "une place proposée attend une réponse (jours)",
        default=2,
        validators=[MinValueValidator(1)],
        help_text="Ensuite, elle va à la personne suivante.",
    )
    rappels_jours = ArrayField(
        models.PositiveSmallIntegerField(validators=[MaxValueValidator(60)]),
        verbose_name="rappels aux personnes inscrites (jours avant)",
        default=rappels_de_depart,
        blank=True,
    )
    inscriptions_par_boite = models.PositiveSmallIntegerField(
        "inscriptions pour une adresse de courriel", default=4, validators=[MinValueValidator(1)]
    )
    part_sans_courriel = models.PositiveSmallIntegerField(
        "places données en ligne sans adresse de courriel (%)",
        default=30,
        validators=[MaxValueValidator(100)],
        help_text="Au-delà, ces personnes entrent en liste d’attente : un agent les inscrit, ou leur propose une place.",
    )
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

    class Meta(Reglement.Meta):
        verbose_name = "règlement des rencontres"
        verbose_name_plural = "règlements des rencontres"
