"""What was loaded of the local pack: each part once, since administrators then manage it."""

from django.db import models
from django.utils import timezone


class PartieChargee(models.Model):
    """A part of a local pack (`territoire`, then one for each app) that this base has had. `paquet`: its name."""

    partie = models.CharField("partie", max_length=40, primary_key=True)
    paquet = models.CharField("paquet", max_length=80, blank=True)
    le = models.DateTimeField("chargée le", default=timezone.now)

    class Meta:
        verbose_name = "partie chargée du paquet local"
        verbose_name_plural = "parties chargées du paquet local"

    def __str__(self) -> str:
        return self.partie
