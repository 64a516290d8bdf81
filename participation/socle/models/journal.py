"""What every journal is made of, but for what it hangs on: a line that nobody can change nor take away."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils import timezone


class LigneDeJournal(models.Model):
    """What was done, by whom, when. Each journal adds what it hangs on, and its `ineffacable` trigger.

    The journal of dossiers (`Entree`) has more to say, and its own table of columns.
    """

    acte = models.CharField("acte", max_length=40)
    fait = models.CharField("fait", max_length=200)
    par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="par"
    )
    motif = models.TextField("motif", blank=True)
    details = models.JSONField("détails", default=dict, blank=True)
    le = models.DateTimeField("le", default=timezone.now)

    class Meta:
        abstract = True
        ordering = ["-le", "-pk"]

    def __str__(self) -> str:
        return self.fait


def ineffacable(nom: str) -> pgtrigger.Protect:
    """The database itself refuses that a line be changed or removed."""
    return pgtrigger.Protect(name=f"entree_{nom}_ineffacable", operation=pgtrigger.Update | pgtrigger.Delete)
