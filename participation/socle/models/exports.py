"""Large tables exported on demand: written by a worker, kept `EXPORTS_HEURES` hours, read by one account."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from participation.socle.models.champs import CleEtrangere


def chemin_export(export: "Export", nom: str) -> str:
    return f"exports/{export.cle_publique}"


class Export(models.Model):
    class Etat(models.TextChoices):
        EN_PREPARATION = "en_preparation", "en préparation"
        PRET = "pret", "prêt"
        ECHEC = "echec", "en échec"

    cle = models.CharField(
        "clé du contenu",
        max_length=64,
        unique=True,
        help_text="Les mêmes lignes ne sont écrites qu’une fois.",
    )
    cle_publique = models.UUIDField("clé publique", default=uuid.uuid4, unique=True, editable=False)
    compte = CleEtrangere(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="exports")
    adresse = models.TextField(
        "adresse demandée", help_text="Le serveur la demande de nouveau, au nom de la même personne."
    )
    nom = models.CharField("nom du fichier", max_length=160)
    etat = models.CharField("état", max_length=16, choices=Etat, default=Etat.EN_PREPARATION)
    total = models.PositiveIntegerField("lignes")
    ecrites = models.PositiveIntegerField("lignes écrites", default=0)
    fichier = models.FileField("fichier", upload_to=chemin_export, blank=True)
    demande_le = models.DateTimeField("demandé le", default=timezone.now)
    tentatives = models.PositiveSmallIntegerField("tentatives", default=0, editable=False)

    class Meta:
        verbose_name = "export"
        ordering = ["-demande_le", "-pk"]
        indexes = [
            models.Index("demande_le", condition=Q(etat="en_preparation"), name="export_en_preparation")
        ]

    def __str__(self) -> str:
        return self.nom

    def get_absolute_url(self) -> str:
        return reverse("socle:export", args=[self.cle_publique])

    @property
    def efface_le(self) -> datetime:
        return self.demande_le + timedelta(hours=settings.EXPORTS_HEURES)
