"""The règlement of the cadres, and the conditions of each level: dated rows, that the service writes."""

from datetime import date
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from participation.cadres.workflow import Niveau
from participation.socle.models import Reglement, ReglementQuerySet
from participation.socle.models.reglements import exiger_ordre


def rappels_de_depart() -> list[int]:
    return [14, 3]


def relances_de_depart() -> list[int]:
    return [7, 30]


def _jours(libelle: str, depart: Any) -> Any:
    return ArrayField(
        models.PositiveSmallIntegerField(validators=[MaxValueValidator(365)]),
        verbose_name=libelle,
        default=depart,
        blank=True,
    )


class ReglementCadres(Reglement):
    rappels = _jours("rappels avant la fin d’une démarche (jours)", rappels_de_depart)
    relances = _jours("relances après sa fin (jours)", relances_de_depart)

    ecart_a_dire = models.PositiveSmallIntegerField(
        "avis partagés à partir de cet écart entre deux notes",
        default=2,
        db_default=2,
        validators=[MinValueValidator(1), MaxValueValidator(3)],
    )

    preuve_jours = models.PositiveSmallIntegerField(
        "un cahier d’acteur attend la preuve de son adresse (jours)", default=7, db_default=7
    )
    lecture_jours = models.PositiveSmallIntegerField(
        "un cahier d’acteur déposé est lu avant (jours)", default=10, db_default=10
    )

    objects: ClassVar[Any] = ReglementQuerySet["ReglementCadres"].as_manager()

    class Meta(Reglement.Meta):
        verbose_name = "règlement des cadres"
        verbose_name_plural = "règlements des cadres"


class ConditionQuerySet(models.QuerySet["Condition"]):
    def du(self, niveau: str, jour: date) -> Self:
        """Return the conditions of a level on a day, in their order."""
        en_vigueur = Q(en_vigueur_du__lte=jour) & (Q(en_vigueur_au=None) | Q(en_vigueur_au__gte=jour))
        return self.filter(en_vigueur, niveau=niveau).order_by("ordre", "pk")


class Condition(models.Model):
    """What a level owes: said before to who takes part, checked after. A change is another row, from its day on."""

    niveau = models.CharField("niveau", max_length=16, choices=Niveau)
    ordre = models.PositiveSmallIntegerField("ordre", default=1)
    attente = models.CharField("ce que vous pouvez attendre", max_length=300)
    constat = models.CharField("ce qui se vérifie à la fin", max_length=300)
    source = models.CharField("source", max_length=300, help_text="Délibération, charte, page.")
    en_vigueur_du = models.DateField("en vigueur du")
    en_vigueur_au = models.DateField("en vigueur jusqu’au", null=True, blank=True)

    objects = ConditionQuerySet.as_manager()

    class Meta:
        verbose_name = "condition d’un niveau"
        verbose_name_plural = "conditions des niveaux"
        ordering = ["niveau", "ordre", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(en_vigueur_au__isnull=True) | Q(en_vigueur_au__gte=F("en_vigueur_du")),
                name="condition_dates_ordonnees",
                violation_error_message="La fin précède le début.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_niveau_display()} : {self.attente}"

    def clean(self) -> None:
        exiger_ordre(self.en_vigueur_du, self.en_vigueur_au, "en_vigueur_au")
