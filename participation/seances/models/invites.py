"""People heard at a séance without a seat: a direction, an expert, a délégataire.

They are invited and noted present, and never vote.
"""

from django.db import models
from django.utils import timezone

from participation.seances.models.points import Point
from participation.seances.models.seances import Seance
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.francais import majuscule
from participation.socle.models import CleEtrangere, Compte, Partie, PortePar


class Invite(Partie):
    seance = CleEtrangere(Seance, related_name="invites", verbose_name="séance")
    nom = models.CharField("nom", max_length=160)
    qualite = models.CharField(
        "qualité",
        max_length=160,
        blank=True,
        help_text="Direction, expert, délégataire : ce que lit le procès-verbal.",
    )
    courriel = models.EmailField("courriel", blank=True)
    adresse_postale = models.CharField(
        "adresse postale", max_length=240, blank=True, default="", db_default=""
    )
    point = CleEtrangere(
        Point, on_delete=models.SET_NULL, null=True, related_name="invites", verbose_name="entendue au point"
    )
    invite_le = models.DateTimeField("invitée le", default=timezone.now)
    retire_le = models.DateTimeField("retirée le", null=True, blank=True)
    est_venu = models.BooleanField("venue", null=True, blank=True)

    suivi = PortePar[Seance]("seance")

    class Meta:
        verbose_name = "personne invitée"
        verbose_name_plural = "personnes invitées"
        ordering = ["seance", "nom", "pk"]

    def __str__(self) -> str:
        return self.nom

    @property
    def dite(self) -> str:
        """Name and quality: « Nora Ouali, direction de l’eau »."""
        return f"{self.nom}, {self.qualite}" if self.qualite else self.nom

    @property
    def est_a_prevenir(self) -> bool:
        """Whether no letter reaches the person: the service tells them by itself."""
        return not (self.courriel or self.adresse_postale)

    @property
    def en_journal(self) -> str:
        """What a line of the journal, which cannot be erased, says of the person: in what quality, not who."""
        return majuscule(self.qualite or "personne invitée")

    def refus(self, acte: str, par: Compte | None) -> ErreurMetier | None:
        return (
            ActeInterdit(f"{self} ne fait plus partie des personnes invitées à cette séance.")
            if self.retire_le
            else None
        )
