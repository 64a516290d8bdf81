"""How long letters are kept: one règlement, with a delay for each kind of letter."""

from django.db import models

from participation.socle.models.champs import CleEtrangere
from participation.socle.models.reglements import Reglement, ReglementQuerySet


class ReglementCourriels(Reglement):
    """Delays in days from the day a letter was written. A letter not sent yet is never erased."""

    jours_codes = models.PositiveSmallIntegerField(
        "codes de connexion et lettres du compte (jours)",
        help_text="Codes, changement d’adresse ou de mot de passe.",
    )
    jours = models.PositiveSmallIntegerField("toutes les autres lettres (jours)")

    objects = ReglementQuerySet["ReglementCourriels"].as_manager()

    class Meta(Reglement.Meta):
        verbose_name = "règlement des courriels"
        verbose_name_plural = "règlements des courriels"


class DelaiCourriel(models.Model):
    """Delay of one kind of letter, or of all kinds whose name begins with `lettre`.

    The longest beginning that matches wins.
    """

    reglement = CleEtrangere(ReglementCourriels, on_delete=models.CASCADE, related_name="delais")
    lettre = models.CharField(
        "lettre", max_length=60, help_text="Son nom, « petitions/signer », ou son début, « renouvellement/ »."
    )
    jours = models.PositiveSmallIntegerField("gardée (jours)")

    class Meta:
        verbose_name = "délai d’une lettre"
        verbose_name_plural = "délais des lettres"
        ordering = ["lettre"]
        constraints = [
            models.UniqueConstraint(
                "reglement",
                "lettre",
                name="delai_courriel_unique",
                violation_error_message="Cette lettre a déjà son délai dans cette version.",
            )
        ]

    def __str__(self) -> str:
        return self.lettre
