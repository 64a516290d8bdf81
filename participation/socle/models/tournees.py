"""Letters or documents that an act owes to many: written lot by lot by a worker, never in the request."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from participation.socle.models.champs import CleEtrangere


class TourneeQuerySet(models.QuerySet["Tournee"]):
    def en_cours(self) -> Self:
        return self.filter(finie_le=None)

    def pour(self, objet: models.Model) -> "Tournee | None":
        """Return what is being written for this object."""
        return self.en_cours().filter(objet=cle_de(objet)).first()

    def lettres_de(self, objet: models.Model) -> Self:
        """Return the letters that acts on this object owe to many, still being written."""
        return self.en_cours().filter(objet__startswith=f"{cle_de(objet)}:").order_by("pk")


def cle_de(objet: models.Model) -> str:
    return f"{objet._meta.label_lower}:{objet.pk}"


class Tournee(models.Model):
    """How far the work is. `lot`: the function that does the next lot; `arguments`: what it needs, numbers and choices only.

    `dernier`: the last row done, where the next lot begins, after a killed worker too.
    """

    OBJET_MAX = 80

    objet = models.CharField("pour quoi", max_length=OBJET_MAX)
    lot = models.CharField("fonction d’un lot", max_length=160)
    arguments = models.JSONField("arguments", default=dict)
    par = CleEtrangere(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    total = models.PositiveIntegerField("à faire")
    faits = models.PositiveIntegerField("faits", default=0)
    dernier = models.BigIntegerField("dernière ligne faite", default=0)
    demandee_le = models.DateTimeField("demandée le", default=timezone.now)
    finie_le = models.DateTimeField("finie le", null=True, blank=True)

    objects = TourneeQuerySet.as_manager()

    class Meta:
        verbose_name = "tournée de lettres"
        verbose_name_plural = "tournées de lettres"
        constraints = [
            models.UniqueConstraint(
                fields=["objet"],
                condition=Q(finie_le=None),
                name="tournee_une_a_la_fois",
                violation_error_message="Des lettres sont déjà en préparation ici.",
            )
        ]

    def __str__(self) -> str:
        return f"Tournée n° {self.pk}"
