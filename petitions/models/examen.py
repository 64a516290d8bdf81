"""Examination of the criteria by the comité de recevabilité, and déports of its members."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from participation.socle.models import CleEtrangere
from petitions.models.petition import Petition
from petitions.models.reglement import Critere
from petitions.workflow import Appreciation


class ExamenCritere(models.Model):
    """Appréciation of one criterion by one person, kept beside those of the others; no row: not examined."""

    Appreciation = Appreciation

    petition = CleEtrangere(Petition, related_name="examens", verbose_name="pétition")
    critere = CleEtrangere(Critere, related_name="+", verbose_name="critère")
    appreciation = models.CharField("appréciation", max_length=14, choices=Appreciation)
    motif = models.TextField("raisons", blank=True)
    par = CleEtrangere(settings.AUTH_USER_MODEL, related_name="+")
    le = models.DateTimeField("le", default=timezone.now)

    class Meta:
        verbose_name = "examen d’un critère"
        verbose_name_plural = "examens des critères"
        ordering = ["critere__ordre", "le"]
        constraints = [
            models.UniqueConstraint(
                "petition",
                "critere",
                "par",
                name="examen_un_par_critere_et_personne",
                violation_error_message="Vous avez déjà examiné ce critère.",
            ),
            models.CheckConstraint(
                condition=Q(appreciation="rempli") | ~Q(motif=""),
                name="examen_motive",
                violation_error_message="Dites pourquoi le critère n’est pas rempli, ou ce qu’il faut reformuler.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.critere} : {self.get_appreciation_display()}"


class AvisDuComite(models.Model):
    """What the comité itself says of one criterion, by a vote or by agreement: it settles what its members say."""

    petition = CleEtrangere(Petition, related_name="avis_du_comite", verbose_name="pétition")
    critere = CleEtrangere(Critere, related_name="+", verbose_name="critère")
    appreciation = models.CharField("appréciation", max_length=14, choices=Appreciation)
    motif = models.TextField("raisons", blank=True)
    vote = CleEtrangere("seances.Vote", null=True, related_name="+", verbose_name="vote")
    par = CleEtrangere(settings.AUTH_USER_MODEL, related_name="+", verbose_name="noté par")
    le = models.DateTimeField("le", default=timezone.now)

    class Meta:
        verbose_name = "avis du comité sur un critère"
        verbose_name_plural = "avis du comité sur les critères"
        ordering = ["critere__ordre"]
        constraints = [
            models.UniqueConstraint(
                "petition",
                "critere",
                name="avis_du_comite_un_par_critere",
                violation_error_message="Le comité a déjà un avis sur ce critère.",
            ),
            models.CheckConstraint(
                condition=Q(appreciation="rempli") | ~Q(motif=""),
                name="avis_du_comite_motive",
                violation_error_message="Dites pourquoi le critère n’est pas rempli, ou ce qu’il faut reformuler.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.critere} : {self.get_appreciation_display()}"


class Deport(models.Model):
    """A member steps aside from one pétition: they neither examine it nor decide on it."""

    petition = CleEtrangere(Petition, related_name="deports", verbose_name="pétition")
    compte = CleEtrangere(settings.AUTH_USER_MODEL, related_name="+", verbose_name="membre")
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
