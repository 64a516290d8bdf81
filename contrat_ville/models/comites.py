"""Members of the comités who step aside from a projet."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from contrat_ville.models.projets import Projet
from participation.socle.models import CleEtrangere


class Deport(models.Model):
    """A member steps aside from one projet.

    The team of the projet is always set aside, without a row here.
    """

    projet = CleEtrangere(Projet, related_name="deports")
    compte = CleEtrangere(settings.AUTH_USER_MODEL, related_name="+", verbose_name="membre")
    motif = models.CharField("motif", max_length=200, blank=True)
    le = models.DateTimeField("le", default=timezone.now)

    class Meta:
        verbose_name = "déport d’un projet"
        verbose_name_plural = "déports des projets"
        ordering = ["le", "pk"]
        constraints = [
            models.UniqueConstraint(
                "projet",
                "compte",
                name="deport_projet_unique",
                violation_error_message="Ce déport est déjà noté.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.compte} se déporte"
