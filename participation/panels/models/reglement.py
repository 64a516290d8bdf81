"""The règlement of the panels: figures that the service sets, and the steps counted back from the first session."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from participation.panels.workflow import Voie
from participation.socle.models import CleEtrangere, Reglement, ReglementQuerySet


def mois_d_alerte() -> list[int]:
    return [12, 9, 6]


class ReglementPanelsQuerySet(ReglementQuerySet["ReglementPanels"]):
    """Versions of the règlement of the panels."""


class ReglementPanels(Reglement):
    volontaires_par_place = models.PositiveSmallIntegerField(
        "inscrits espérés pour une place", default=10, validators=[MinValueValidator(1)]
    )
    taux_reponse = models.DecimalField(
        "part des lettres qui donnent une inscription (%)",
        max_digits=4,
        decimal_places=1,
        default=4,
        validators=[MinValueValidator(0.1), MaxValueValidator(100)],
        help_text="Repris pour une strate qui n’a pas le sien.",
    )
    saisie_double = models.BooleanField(
        "un bulletin de papier est saisi par deux personnes", default=True, db_default=True
    )
    formulaire_secondes = models.PositiveSmallIntegerField(
        "temps le plus court pour remplir la page (secondes)", default=3
    )
    formulaire_jours = models.PositiveSmallIntegerField(
        "une page ouverte reste valable (jours)", default=7, validators=[MinValueValidator(1)]
    )
    adresse_proche = models.DecimalField(
        "ressemblance à partir de laquelle deux adresses sont dites proches",
        max_digits=3,
        decimal_places=2,
        default=0.6,
        validators=[MinValueValidator(0.1), MaxValueValidator(1)],
    )
    moyens_avant_injoignable = models.PositiveSmallIntegerField(
        "moyens différents à essayer avant de dire « injoignable »", default=2
    )
    delai_convocation = models.PositiveSmallIntegerField("convocation d’une séance (jours)", default=7)
    indemnite_heure = models.DecimalField(
        "indemnité d’une heure (€)",
        max_digits=6,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text="Fixée par une délibération. Vide : aucune indemnité n’est calculée.",
    )
    plafond_seance = models.DecimalField(
        "indemnité au plus pour une séance (€)",
        max_digits=7,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    alertes_marche = ArrayField(
        models.PositiveSmallIntegerField(),
        verbose_name="fin d’un marché de tirage annoncée (mois avant)",
        default=mois_d_alerte,
        blank=True,
        # Written by the delivered version, which does not know it.
        db_default=[12, 9, 6],
        help_text="Le temps de préparer, de publier et d’attribuer le suivant. Par exemple 12, 9, 6.",
    )
    conservation_jours = models.PositiveSmallIntegerField(
        "effacer qui n’est pas du panel, tant de jours après qu’il est constitué", default=60
    )

    objects: ClassVar[ReglementPanelsQuerySet] = ReglementPanelsQuerySet.as_manager()  # type: ignore[assignment]

    class Meta(Reglement.Meta):
        verbose_name = "règlement des panels"
        verbose_name_plural = "règlements des panels"


class EtapeReglement(models.Model):
    """A step to be done by so many days before the first session."""

    reglement = CleEtrangere(ReglementPanels, on_delete=models.CASCADE, related_name="etapes")
    voie = models.CharField("invitation", max_length=10, choices=Voie, default=Voie.COURRIER)
    cle = models.SlugField("clé", max_length=30)
    libelle = models.CharField("ce qui doit être fait", max_length=120)
    jours_avant = models.PositiveSmallIntegerField("jours avant la première séance")

    class Meta:
        verbose_name = "étape d’un panel"
        verbose_name_plural = "étapes d’un panel"
        ordering = ["reglement", "voie", "-jours_avant", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["reglement", "voie", "cle"],
                name="etape_panel_cle_unique",
                violation_error_message="Cette étape est déjà écrite pour cette voie.",
            )
        ]

    def __str__(self) -> str:
        return self.libelle
