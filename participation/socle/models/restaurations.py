"""Restores of a backup: what was given or sent since the backup is not known here."""

from datetime import datetime

from django.db import models
from django.utils import timezone

from participation.socle.francais import instant_texte


class RestaurationQuerySet(models.QuerySet["Restauration"]):
    def derniere(self) -> "Restauration | None":
        return self.order_by("-le").first()

    def derniere_le(self) -> datetime | None:
        """Return the instant of the last restore."""
        return self.order_by("-le").values_list("le", flat=True).first()

    def numero_apres(self, dernier: int, *, donne_le: datetime) -> int:
        """Return the number that follows the last one of a series: far ahead when it was given before a restore.

        Numbers given since the backup are then given to nobody else. `donne_le`: instant when the last number
        was given, or when the series began.
        """
        restauration = self.filter(le__gt=donne_le).order_by("-le").first()
        return dernier + 1 + (restauration.marge if restauration is not None else 0)

    def reference_apres(self, serie: str, derniere: int) -> int:
        """Return the number of the next reference of a series such as « PET-2026- »."""
        plancher = (
            self.filter(planchers__has_key=serie).order_by("-le").values_list("planchers", flat=True).first()
        )
        return max(derniere, int((plancher or {}).get(serie, 0))) + 1


class Restauration(models.Model):
    """A restore, written by the command `apres_restauration`."""

    sauvegarde_le = models.DateTimeField("sauvegarde du")
    le = models.DateTimeField("restaurée le", default=timezone.now)
    marge = models.PositiveIntegerField("numéros sautés dans chaque série")
    planchers = models.JSONField("dernier numéro possible de chaque série de références", default=dict)

    objects = RestaurationQuerySet.as_manager()

    class Meta:
        verbose_name = "restauration"
        ordering = ["-le"]

    def __str__(self) -> str:
        return f"restauration du {instant_texte(self.le)}"
