"""The grid of the comité de recevabilité, and who steps aside from it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from petitions.models.petition import Petition
from petitions.models.reglement import Critere


class ExamenCritere(models.Model):
    """What the comité thinks of one criterion. No row: not examined yet."""

    class Appreciation(models.TextChoices):
        REMPLI = "rempli", "rempli"
        A_REFORMULER = "a_reformuler", "à reformuler"
        NON_REMPLI = "non_rempli", "non rempli"

    petition = models.ForeignKey(
        Petition, on_delete=models.PROTECT, related_name="examens", verbose_name="pétition"
    )
    critere = models.ForeignKey(Critere, on_delete=models.PROTECT, related_name="+", verbose_name="critère")
    appreciation = models.CharField("appréciation", max_length=14, choices=Appreciation)
    motif = models.TextField("raisons", blank=True)
    par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="par"
    )
    le = models.DateTimeField("le", default=timezone.now)

    class Meta:
        verbose_name = "examen d’un critère"
        verbose_name_plural = "examens des critères"
        ordering = ["critere__ordre"]
        constraints = [
            models.UniqueConstraint(
                "petition",
                "critere",
                name="examen_un_par_critere",
                violation_error_message="Ce critère est déjà examiné.",
            ),
            models.CheckConstraint(
                condition=Q(appreciation="rempli") | ~Q(motif=""),
                name="examen_motive",
                violation_error_message="Dites pourquoi le critère n’est pas rempli, ou ce qu’il faut reformuler.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.critere} : {self.get_appreciation_display()}"


class Deport(models.Model):
    """A member steps aside from one pétition: she neither examines nor decides."""

    petition = models.ForeignKey(
        Petition, on_delete=models.PROTECT, related_name="deports", verbose_name="pétition"
    )
    compte = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="membre"
    )
    motif = models.CharField("motif", max_length=200, blank=True)
    le = models.DateTimeField("le", default=timezone.now)

    class Meta:
        verbose_name = "déport"
        constraints = [
            models.UniqueConstraint(
                "petition", "compte", name="deport_unique", violation_error_message="Ce déport est déjà noté."
            )
        ]

    def __str__(self) -> str:
        return f"{self.compte} se déporte"
