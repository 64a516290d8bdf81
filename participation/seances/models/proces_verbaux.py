"""The procès-verbal: written from the data, edited, submitted, approved, frozen; then only corrected by a new version."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from participation.seances.models.seances import Point, Seance
from participation.seances.workflow import EtatPV
from participation.socle.models import Document


class ProcesVerbal(models.Model):
    seance = models.OneToOneField(
        Seance, on_delete=models.PROTECT, related_name="proces_verbal", verbose_name="séance"
    )
    etat = models.CharField("état", max_length=10, choices=EtatPV, default=EtatPV.BROUILLON)
    texte = models.TextField(
        "texte", blank=True, help_text="HTML nettoyé ; ce qui vient des données n’y est pas."
    )
    soumis_le = models.DateTimeField("soumis le", null=True, blank=True)
    approuve_le = models.DateTimeField("approuvé le", null=True, blank=True)
    approuve_a = models.ForeignKey(
        Point,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="approuvé au point",
    )
    feuille = models.ForeignKey(
        Document,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="feuille de présence",
    )
    est_publie = models.BooleanField("publié", default=False)
    modifie_le = models.DateTimeField("modifié le", auto_now=True)

    class Meta:
        verbose_name = "procès-verbal"
        verbose_name_plural = "procès-verbaux"
        constraints = [
            models.CheckConstraint(
                condition=~Q(etat="approuve") | Q(approuve_le__isnull=False), name="pv_approuve_a_sa_date"
            )
        ]

    def __str__(self) -> str:
        return f"Procès-verbal · {self.seance}"


class VersionPV(models.Model):
    """A text that was submitted or approved, with its PDF. After the approval, a new one needs a reason."""

    proces_verbal = models.ForeignKey(
        ProcesVerbal, on_delete=models.PROTECT, related_name="versions", verbose_name="procès-verbal"
    )
    numero = models.PositiveSmallIntegerField("numéro")
    texte = models.TextField("texte")
    donnees = models.JSONField("données de la séance", default=dict)
    motif = models.TextField("raison de la correction", blank=True)
    document = models.OneToOneField(
        Document,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="version_pv",
        verbose_name="document",
    )
    par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="par"
    )
    le = models.DateTimeField("le", default=timezone.now)

    class Meta:
        verbose_name = "version de procès-verbal"
        verbose_name_plural = "versions de procès-verbaux"
        ordering = ["proces_verbal", "-numero"]
        constraints = [models.UniqueConstraint("proces_verbal", "numero", name="version_pv_unique")]

    def __str__(self) -> str:
        return f"{self.proces_verbal}, version {self.numero}"
