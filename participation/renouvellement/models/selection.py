"""The comité de sélection: who reads, what was read, which marks."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from participation.renouvellement.models.campagne import Campagne, CritereCampagne
from participation.renouvellement.models.candidature import Candidature


class Relecteur(models.Model):
    campagne = models.ForeignKey(
        Campagne, on_delete=models.PROTECT, related_name="relecteurs", verbose_name="campagne"
    )
    compte = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="personne"
    )
    est_actif = models.BooleanField("actif", default=True)

    class Meta:
        verbose_name = "membre du comité de sélection"
        verbose_name_plural = "membres du comité de sélection"
        ordering = ["campagne", "compte__nom", "compte__prenom", "pk"]
        constraints = [
            models.UniqueConstraint(
                "campagne",
                "compte",
                name="relecteur_unique",
                violation_error_message="Cette personne est déjà au comité.",
            )
        ]

    def __str__(self) -> str:
        return str(self.compte)


class LectureQuerySet(models.QuerySet["Lecture"]):
    def actives(self) -> "LectureQuerySet":
        return self.filter(deportee_le__isnull=True)


class Lecture(models.Model):
    """A candidature given to a reader. `moyenne`: weighted mean of her marks, from 0 to the campaign's highest mark."""

    candidature = models.ForeignKey(
        Candidature, on_delete=models.PROTECT, related_name="lectures", verbose_name="candidature"
    )
    relecteur = models.ForeignKey(
        Relecteur, on_delete=models.PROTECT, related_name="lectures", verbose_name="relecteur"
    )
    commentaire = models.TextField("commentaire", blank=True, max_length=2000)
    moyenne = models.DecimalField("moyenne", max_digits=5, decimal_places=2, null=True, blank=True)
    rendue_le = models.DateTimeField("rendue le", null=True, blank=True)
    deportee_le = models.DateTimeField("déport le", null=True, blank=True)
    motif_deport = models.CharField("raison du déport", max_length=300, blank=True)

    objects = LectureQuerySet.as_manager()

    class Meta:
        verbose_name = "lecture"
        ordering = ["candidature__numero", "pk"]
        constraints = [
            models.UniqueConstraint("candidature", "relecteur", name="lecture_unique"),
            models.CheckConstraint(
                condition=Q(deportee_le__isnull=True) | Q(moyenne__isnull=True),
                name="lecture_deportee_sans_note",
                violation_error_message="Une personne déportée ne note pas.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.candidature} lue par {self.relecteur}"


class Note(models.Model):
    lecture = models.ForeignKey(
        Lecture, on_delete=models.CASCADE, related_name="notes", verbose_name="lecture"
    )
    critere = models.ForeignKey(
        CritereCampagne, on_delete=models.PROTECT, related_name="+", verbose_name="critère"
    )
    valeur = models.PositiveSmallIntegerField("note")

    class Meta:
        verbose_name = "note"
        ordering = ["critere__ordre", "pk"]
        constraints = [models.UniqueConstraint("lecture", "critere", name="note_unique")]

    def __str__(self) -> str:
        return f"{self.critere} : {self.valeur}"
