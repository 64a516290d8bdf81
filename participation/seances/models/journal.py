"""The journal of an instance: who named whom, who left, what rule was written. The database refuses that it be changed."""

from django.db import models

from participation.seances.models.instances import Instance
from participation.seances.models.membres import Membre
from participation.socle.models import LigneDeJournal, ineffacable


class EntreeInstance(LigneDeJournal):
    """One line of an instance's journal."""

    SUR = ("membre",)

    instance = models.ForeignKey(
        Instance, on_delete=models.PROTECT, related_name="journal", verbose_name="instance"
    )
    membre = models.ForeignKey(
        Membre, on_delete=models.PROTECT, null=True, blank=True, related_name="journal", verbose_name="membre"
    )

    class Meta(LigneDeJournal.Meta):
        verbose_name = "entrée du journal d’instance"
        verbose_name_plural = "journal des instances"
        triggers = [ineffacable("instance")]
