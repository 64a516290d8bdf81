"""Dated règlement of the published subsidies: threshold, and body that grants them."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from stdnum.fr import siret as siret_francais

from participation.socle.models.reglements import Reglement, ReglementQuerySet


class ReglementSubventions(Reglement):
    """Règlement of the published subsidies (décret 2017-779).

    Nothing is published without the SIRET of the granting body, which the data format requires.
    """

    seuil = models.DecimalField(
        "publier au-dessus de",
        max_digits=10,
        decimal_places=2,
        default=Decimal(23000),
        validators=[MinValueValidator(Decimal(0))],
        help_text="En euros, pour une convention. 23 000 € selon le décret 2001-495, article 1er.",
    )
    nom_attribuant = models.CharField("nom de qui attribue", max_length=160)
    siret_attribuant = models.CharField(
        "SIRET de qui attribue", max_length=14, blank=True, help_text="Vide : rien n’est publié."
    )

    objects = ReglementQuerySet["ReglementSubventions"].as_manager()

    class Meta(Reglement.Meta):
        verbose_name = "règlement des données sur les subventions"
        verbose_name_plural = "règlements des données sur les subventions"

    def clean(self) -> None:
        super().clean()
        self.siret_attribuant = siret_francais.compact(self.siret_attribuant)
        if self.siret_attribuant and not siret_francais.is_valid(self.siret_attribuant):
            raise ValidationError(
                {"siret_attribuant": "Ce SIRET n’existe pas : vérifiez les quatorze chiffres."}
            )
