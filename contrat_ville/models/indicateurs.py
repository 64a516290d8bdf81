"""Indicators of a programmation: the target and the result of each projet."""

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from contrat_ville.models.cadre import Axe
from contrat_ville.models.programmations import Programmation
from contrat_ville.models.projets import Projet
from participation.socle.erreurs import Manque
from participation.socle.models import CleEtrangere, Compte, Partie, PortePar


class Indicateur(Partie):
    """An indicator of one axe, or of all axes, asked of every projet of that axe."""

    class Reunion(models.TextChoices):
        SOMME = "somme", "on additionne les projets"
        MOYENNE = "moyenne", "on fait la moyenne des projets"

    programmation = CleEtrangere(Programmation, related_name="indicateurs", on_delete=models.CASCADE)
    axe = CleEtrangere(Axe, null=True, related_name="indicateurs", help_text="Vide : tous les axes.")
    ordre = models.PositiveSmallIntegerField("ordre", default=0)
    intitule = models.CharField("intitulé", max_length=160, help_text="Par exemple : habitants qui décident.")
    unite = models.CharField("unité", max_length=40, help_text="Au pluriel : personnes, ateliers, heures.")
    aide = models.CharField("comment le compter", max_length=300, blank=True)
    reunion = models.CharField("pour plusieurs projets", max_length=8, choices=Reunion, default=Reunion.SOMME)

    suivi = PortePar[Programmation]("programmation")

    class Meta:
        verbose_name = "indicateur"
        ordering = ["programmation", "axe__ordre", "axe__nom", "ordre", "pk"]
        constraints = [
            models.UniqueConstraint(
                "programmation",
                "axe",
                Lower("intitule"),
                name="indicateur_intitule_unique",
                nulls_distinct=False,
                violation_error_message="Cet indicateur existe déjà pour cet axe.",
            )
        ]

    def __str__(self) -> str:
        return self.intitule

    @property
    def en_moyenne(self) -> bool:
        return self.reunion == self.Reunion.MOYENNE

    def sans_reponse(self, acte: str, par: Compte | None) -> list[str]:
        """An indicator with answers cannot be removed, only corrected."""
        if self.pk and self.valeurs.exists():
            return [
                Manque(
                    "Des projets ont déjà répondu à cet indicateur : corrigez-le plutôt.",
                    acte="corriger_indicateur",
                    objet=self,
                )
            ]
        return []


class ValeurIndicateur(models.Model):
    """Target of one projet for an indicator, and result given in its bilan."""

    projet = CleEtrangere(Projet, related_name="valeurs", on_delete=models.CASCADE)
    indicateur = CleEtrangere(Indicateur, related_name="valeurs")
    prevu = models.DecimalField(
        "visé",
        max_digits=11,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )
    realise = models.DecimalField(
        "réalisé",
        max_digits=11,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )

    class Meta:
        verbose_name = "valeur d’un indicateur"
        verbose_name_plural = "valeurs des indicateurs"
        ordering = ["projet", "indicateur"]
        constraints = [
            models.UniqueConstraint(
                fields=["projet", "indicateur"],
                name="valeur_indicateur_unique",
                violation_error_message="Ce projet a déjà une valeur pour cet indicateur.",
            ),
            models.CheckConstraint(
                condition=(Q(prevu__isnull=True) | Q(prevu__gte=0))
                & (Q(realise__isnull=True) | Q(realise__gte=0)),
                name="valeur_indicateur_positive",
                violation_error_message="Une valeur ne peut pas être négative.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicateur} : {self.prevu}, {self.realise}"
