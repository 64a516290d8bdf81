"""A table of propositions taken up: its columns, what became of its rows, those refused."""

from django.db import models
from django.urls import reverse
from django.utils import timezone

from participation.engagements.models.propositions import Collectif
from participation.socle.models import CleEtrangere, Compte


class Reprise(models.Model):
    class Etat(models.TextChoices):
        A_RELIER = "a_relier", "colonnes à relier"
        FINIE = "finie", "finie"

    collectif = CleEtrangere(Collectif, related_name="reprises")
    nom = models.CharField("nom du fichier", max_length=160)
    entetes = models.JSONField("colonnes", default=list)
    # Emptied once they are taken up: refused ones stay apart, until they are taken up from another table.
    lignes = models.JSONField("lignes à lire", default=list)
    relies = models.JSONField("colonnes reliées", default=dict)
    etat = models.CharField("état", max_length=10, choices=Etat, default=Etat.A_RELIER)
    total = models.PositiveIntegerField("lignes", default=0)
    neuves = models.PositiveIntegerField("propositions notées", default=0)
    refus = models.JSONField("lignes refusées", default=list)
    par = CleEtrangere(Compte, related_name="+", verbose_name="par")
    cree_le = models.DateTimeField("envoyé le", default=timezone.now)

    class Meta:
        verbose_name = "reprise d’un tableau"
        verbose_name_plural = "reprises de tableaux"
        ordering = ["-cree_le", "-pk"]

    def __str__(self) -> str:
        return self.nom

    def get_absolute_url(self) -> str:
        return reverse("engagements:reprise", args=[self.pk])
