"""A table that an agent sends, whose rows enter lot by lot: how far its reading is, and what stopped it."""

from functools import partial
from typing import ClassVar

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from participation.socle.models.champs import CleEtrangere


class ImportDeTableau(models.Model):
    """Each kind of table adds what its rows enter. `LECTURE`: where its `actions.imports.Lecture` is said."""

    LECTURE: ClassVar[str]

    class Etat(models.TextChoices):
        EN_COURS = "en_cours", "en cours"
        FINI = "fini", "fini"
        ECHEC = "echec", "arrêté"
        ANNULE = "annule", "annulé"

    fichier = models.FileField("fichier", upload_to="tableaux/%Y/%m/")
    nom = models.CharField("nom du fichier", max_length=160)
    etat = models.CharField("état", max_length=10, choices=Etat, default=Etat.EN_COURS)
    entetes = models.JSONField("colonnes", default=list)
    total = models.PositiveIntegerField("lignes", default=0)
    lues = models.PositiveIntegerField("lignes lues", default=0)
    ajoutees = models.PositiveIntegerField("ajoutées", default=0)
    refusees = models.PositiveIntegerField("refusées", default=0)
    erreur = models.CharField("ce qui l’a arrêté", max_length=500, blank=True)
    par = CleEtrangere(settings.AUTH_USER_MODEL, related_name="+", verbose_name="par")
    cree_le = models.DateTimeField("envoyé le", default=timezone.now)

    class Meta:
        abstract = True
        ordering = ["-cree_le", "-pk"]

    def __str__(self) -> str:
        return self.nom

    def finir(self, etat: str, erreur: str = "") -> None:
        """Its file is no longer needed: the rows that were refused are kept apart."""
        self.etat, self.erreur = etat, erreur[:500]
        if self.fichier:
            transaction.on_commit(partial(self.fichier.storage.delete, str(self.fichier.name)))
        self.fichier = ""
        self.save()
