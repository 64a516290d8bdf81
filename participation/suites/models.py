"""What was promised, by which direction, by when, and what came of it."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from participation.socle.models import Direction, Dossier
from participation.socle.workflow import Apparence
from participation.suites.workflow import ABOUTIS, APPARENCES, MOTIVES, Etat


class Suite(models.Model):
    dossier = models.ForeignKey(
        Dossier, on_delete=models.PROTECT, related_name="suites", verbose_name="dossier"
    )
    intitule = models.CharField("suite", max_length=200)
    direction = models.ForeignKey(
        Direction, on_delete=models.PROTECT, related_name="suites", verbose_name="direction"
    )
    date_limite = models.DateField("attendue le")
    etat = models.CharField("état", max_length=20, choices=Etat, default=Etat.RECUE)
    texte_public = models.TextField("texte public", blank=True)
    motif = models.TextField("raison", blank=True)
    creee_le = models.DateTimeField("créée le", default=timezone.now)
    modifiee_le = models.DateTimeField("modifiée le", auto_now=True)

    class Meta:
        verbose_name = "suite"
        ordering = ["date_limite", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(etat__in=sorted(MOTIVES)) | ~Q(motif=""),
                name="suite_motivee",
                violation_error_message="Dites pourquoi la suite n’est pas donnée, ou ne l’est qu’en partie.",
            )
        ]

    def __str__(self) -> str:
        return self.intitule

    @property
    def apparence(self) -> Apparence:
        return APPARENCES[self.etat]

    @property
    def est_en_retard(self) -> bool:
        return self.etat not in ABOUTIS and self.date_limite < timezone.localdate()
