"""The journal of an instance: who named whom, who left, what rule was written. The database refuses that it be changed."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils import timezone

from participation.seances.models.instances import Instance, Membre


class EntreeInstance(models.Model):
    """One line of an instance's journal."""

    instance = models.ForeignKey(
        Instance, on_delete=models.PROTECT, related_name="journal", verbose_name="instance"
    )
    membre = models.ForeignKey(
        Membre, on_delete=models.PROTECT, null=True, blank=True, related_name="journal", verbose_name="membre"
    )
    acte = models.CharField("acte", max_length=40)
    fait = models.CharField("fait", max_length=200)
    par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="par"
    )
    motif = models.TextField("motif", blank=True)
    details = models.JSONField("détails", default=dict, blank=True)
    le = models.DateTimeField("le", default=timezone.now)

    class Meta:
        verbose_name = "entrée du journal d’instance"
        verbose_name_plural = "journal des instances"
        ordering = ["-le", "-pk"]
        triggers = [
            pgtrigger.Protect(
                name="entree_instance_ineffacable", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return self.fait
