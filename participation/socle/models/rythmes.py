"""How often an address wants what it follows: each letter, or one summary of them."""

from datetime import date, timedelta

from django.db import models

from participation.socle.langues import plus_tard as _


class RythmeDesLettres(models.Model):
    """An address that asked for a summary. Without a row, each letter leaves when it is written."""

    class Rythme(models.TextChoices):
        JOUR = "jour", _("un résumé par jour, s’il y a du nouveau")
        SEMAINE = "semaine", _("un résumé par semaine, le lundi, s’il y a du nouveau")

    courriel = models.EmailField("courriel en minuscules", max_length=254, unique=True)
    rythme = models.CharField("rythme", max_length=8, choices=Rythme)

    class Meta:
        verbose_name = "rythme des lettres"
        verbose_name_plural = "rythmes des lettres"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.get_rythme_display()

    def jour_du_resume(self, ecrite: date) -> date:
        """Return the day of the summary that takes a letter written on this day: tomorrow, or next Monday."""
        return ecrite + timedelta(days=7 - ecrite.weekday() if self.rythme == self.Rythme.SEMAINE else 1)
