"""Satisfaction of the person: asked once, answered in one click, with an optional comment."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from participation.socle.liens import Lien
from participation.socle.models import CleUnique, Scelle
from remontees.models.remontees import Remontee


class Satisfaction(Scelle):
    """Question asked to the person. One row per remontée: it is asked once."""

    class Avis(models.TextChoices):
        OUI = "oui", "oui"
        EN_PARTIE = "en_partie", "en partie"
        NON = "non", "non"

    LIEN: ClassVar[Lien] = Lien("remontees.satisfaction", lettre="q", page="remontees:satisfaction")

    remontee = CleUnique(
        Remontee, on_delete=models.CASCADE, related_name="satisfaction", verbose_name="remontée"
    )
    demandee_le = models.DateTimeField("demandée le", default=timezone.now)
    avis = models.CharField("la réponse convient", max_length=10, choices=Avis, blank=True)
    mot = models.TextField("un mot", blank=True)
    repondue_le = models.DateTimeField("répondue le", null=True, blank=True)

    class Meta:
        verbose_name = "satisfaction"
        indexes = [
            models.Index("avis", condition=~Q(avis=""), name="satisfaction_avis"),
            models.Index("remontee", condition=~Q(mot=""), name="satisfaction_mots"),
        ]

    def __str__(self) -> str:
        return f"satisfaction : {self.get_avis_display() or 'sans réponse'}"
