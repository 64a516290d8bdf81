"""Subscriptions to a dossier by mail."""

import uuid
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from participation.socle.calendrier import il_y_a_plus_de
from participation.socle.models import CleEtrangere, Dossier


class AbonnementQuerySet(models.QuerySet["Abonnement"]):
    def actifs(self) -> Self:
        return self.filter(confirme_le__isnull=False, arrete_le__isnull=True)

    def a_effacer(self, jours: int) -> Self:
        """Keep the subscriptions never confirmed, or stopped, for more than `jours` days."""
        avant = il_y_a_plus_de(jours)
        return self.filter(Q(confirme_le__isnull=True, demande_le__lt=avant) | Q(arrete_le__lt=avant))


class Abonnement(models.Model):
    """An address that follows a dossier: confirmed by a link, stopped in one click."""

    dossier = CleEtrangere(Dossier, on_delete=models.CASCADE, related_name="abonnements")
    courriel = models.EmailField("courriel", max_length=254)
    cle = models.UUIDField("clé", default=uuid.uuid4, unique=True, editable=False)
    demande_le = models.DateTimeField("demandé le", default=timezone.now)
    confirme_le = models.DateTimeField("confirmé le", null=True, blank=True)
    arrete_le = models.DateTimeField("arrêté le", null=True, blank=True)

    objects = AbonnementQuerySet.as_manager()

    class Meta:
        verbose_name = "abonnement"
        ordering = ["demande_le"]
        constraints = [
            models.UniqueConstraint(
                "dossier",
                Lower("courriel"),
                name="abonnement_unique",
                violation_error_message="Cette adresse suit déjà ce dossier.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.courriel} suit {self.dossier}"

    @property
    def est_actif(self) -> bool:
        return self.confirme_le is not None and self.arrete_le is None
