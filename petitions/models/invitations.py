"""Settings of the invitations of co-pétitionnaires. How many letters may leave is said by the gate (`ReglagePorte`)."""

from django.db import models
from django.db.models import Q

from participation.socle.models import UneLigne


class ReglageInvitations(UneLigne):
    calme_minutes = models.PositiveSmallIntegerField(
        "minutes sans changement avant de prévenir",
        default=30,
        help_text="Quand l’auteur change un texte que des personnes ont confirmé.",
    )

    class Meta:
        verbose_name = "réglage des invitations"
        verbose_name_plural = "réglages des invitations"
        constraints = [
            models.CheckConstraint(
                condition=Q(pk=1),
                name="reglage_invitations_une_ligne",
                violation_error_message="Les réglages tiennent en une ligne.",
            )
        ]

    def __str__(self) -> str:
        return "réglage des invitations"
