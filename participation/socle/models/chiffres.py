"""Figures of many rows, counted by a periodic task."""

from django.db import models


class ChiffreTenu(models.Model):
    """The last count of a figure (`socle.lectures.chiffres`), with its time."""

    cle = models.CharField("chiffre", max_length=100, primary_key=True)
    valeur = models.JSONField("valeur")
    le = models.DateTimeField("compté le")

    class Meta:
        verbose_name = "chiffre tenu"
        verbose_name_plural = "chiffres tenus"

    def __str__(self) -> str:
        return self.cle
