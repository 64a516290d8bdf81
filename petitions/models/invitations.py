"""Limits on invitations, and traces of the letters written; the traces never hold an address in clear."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from participation.socle.models import UneLigne


class ReglageInvitations(UneLigne):
    """Limits on invitations (one row): without them, a stranger could make the service write to anybody."""

    par_jour = models.PositiveSmallIntegerField(
        "lettres par jour et par personne qui invite",
        default=100,
        help_text="Toutes ses pétitions ensemble, brouillons supprimés compris.",
    )
    par_adresse_et_jour = models.PositiveSmallIntegerField(
        "lettres par jour et par adresse invitée", default=2, help_text="Qui que ce soit qui l’invite."
    )
    calme_minutes = models.PositiveSmallIntegerField(
        "minutes sans changement avant de prévenir",
        default=30,
        help_text="Quand l’auteur change un texte que des personnes ont confirmé.",
    )
    memoire_jours = models.PositiveSmallIntegerField(
        "mémoire des adresses invitées et des refus (jours)",
        default=365,
        help_text="Gardée sous une empreinte chiffrée, jamais l’adresse.",
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


class TraceInvitation(models.Model):
    """A letter written to somebody about a draft, or their refusal.

    Kept when the draft is deleted, so that deleting drafts does not reset the limits.
    """

    class Nature(models.TextChoices):
        LETTRE = "lettre", "lettre"
        REFUS = "refus", "refus"

    nature = models.CharField("nature", max_length=6, choices=Nature, default=Nature.LETTRE)
    adresse = models.CharField("empreinte de l’adresse", max_length=32)
    auteur = models.CharField("empreinte de l’auteur", max_length=32, blank=True)
    petition = models.PositiveBigIntegerField("numéro de la pétition")
    le = models.DateTimeField("le", default=timezone.now)

    class Meta:
        verbose_name = "trace d’une invitation"
        verbose_name_plural = "traces des invitations"
        indexes = [
            models.Index(fields=["adresse", "le"], name="trace_invitation_adresse"),
            models.Index(fields=["auteur", "le"], name="trace_invitation_auteur"),
        ]

    def __str__(self) -> str:
        return f"{self.get_nature_display()}, pétition {self.petition}"
