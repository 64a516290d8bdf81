"""The run-of-show: steps of the meeting, side by side where tracks are."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from participation.rencontres.models.rencontres import Rencontre
from participation.socle.models import CleEtrangere, Partie, PortePar


class Bloc(Partie):
    """A step. `minutes` is what was planned; `jouees`, what it will take after a delay, 0 once cut."""

    rencontre = CleEtrangere(Rencontre, on_delete=models.CASCADE, related_name="blocs")
    rang = models.PositiveSmallIntegerField("place dans le déroulé", validators=[MinValueValidator(1)])
    titre = models.CharField("titre", max_length=120)
    minutes = models.PositiveSmallIntegerField(
        "durée (minutes)", validators=[MinValueValidator(1), MaxValueValidator(1440)]
    )
    piste = models.CharField("piste", max_length=40, blank=True)
    qui = models.CharField("qui fait quoi", max_length=200, blank=True)
    consignes = models.TextField("consignes pour l’animation", max_length=2000, blank=True)
    materiel = models.CharField("matériel", max_length=200, blank=True)
    est_public = models.BooleanField("dans le programme public", default=True)
    au_moins = models.PositiveSmallIntegerField("peut être raccourci à (minutes)", null=True, blank=True)
    peut_sauter = models.BooleanField("peut être coupé", default=False)
    jouees = models.PositiveSmallIntegerField("durée jouée", null=True, blank=True, editable=False)

    suivi = PortePar[Rencontre]("rencontre")
    SUJET: ClassVar[str] = "l’étape"

    class Meta:
        verbose_name = "étape du déroulé"
        verbose_name_plural = "étapes du déroulé"
        ordering = ["rencontre", "rang", "pk"]

    def __str__(self) -> str:
        return self.titre

    def clean(self) -> None:
        if self.au_moins is not None and self.minutes is not None and self.au_moins > self.minutes:
            raise ValidationError({"au_moins": "Raccourcie, l’étape serait plus longue que prévu."})

    @property
    def effectives(self) -> int:
        return self.minutes if self.jouees is None else self.jouees

    @property
    def est_coupe(self) -> bool:
        return self.jouees == 0
