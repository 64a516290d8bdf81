"""Open311 clients (only a fingerprint of their key is kept) and what they posted."""

import hashlib
import secrets

from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from participation.socle.francais import jour_texte
from participation.socle.models import CleEtrangere, Compte
from remontees.models.referentiel import Categorie

DEBUT = 8  # first characters of a key, kept to tell keys apart


class ClientOpen311(models.Model):
    """A client and its key, made by an agent and shown once. After withdrawal, what it posted stays."""

    nom = models.CharField("nom", max_length=120)
    courriel = models.EmailField("courriel de contact", help_text="À qui écrire si l’application se trompe.")
    debut = models.CharField("début de la clé", max_length=DEBUT, editable=False)
    empreinte = models.CharField("empreinte de la clé", max_length=64, unique=True, editable=False)
    cree_par = CleEtrangere(Compte, null=True, related_name="+", verbose_name="donnée par")
    cree_le = models.DateTimeField("donnée le", default=timezone.now)
    retire_le = models.DateTimeField("retirée le", null=True, blank=True)
    retire_par = CleEtrangere(Compte, null=True, related_name="+", verbose_name="retirée par")

    class Meta:
        verbose_name = "application Open311"
        verbose_name_plural = "applications Open311"
        ordering = ["nom"]
        constraints = [
            models.UniqueConstraint(
                Lower("nom"),
                name="client_open311_nom_unique",
                violation_error_message="Une application porte déjà ce nom.",
            )
        ]

    def __str__(self) -> str:
        return self.nom

    @staticmethod
    def nouvelle_cle() -> str:
        return secrets.token_urlsafe(32)

    @staticmethod
    def empreinte_de(cle: str) -> str:
        # The key has 256 random bits: a fast hash is enough.
        return hashlib.sha256(cle.encode()).hexdigest()


class DepotOpen311(models.Model):
    """Request posted by a client. `cle`: token given to the client, also the key of the reception."""

    client = CleEtrangere(ClientOpen311, related_name="depots")
    cle = models.UUIDField("jeton", unique=True)
    service = CleEtrangere(Categorie, related_name="+")
    recu_le = models.DateTimeField("reçu le", default=timezone.now)
    par_sms = models.BooleanField("à prévenir par SMS", default=False, db_default=False)

    class Meta:
        verbose_name = "dépôt Open311"
        verbose_name_plural = "dépôts Open311"
        ordering = ["-recu_le", "-pk"]
        indexes = [models.Index("client", "recu_le", name="depot_open311_client")]

    def __str__(self) -> str:
        return f"dépôt du {jour_texte(self.recu_le, 'chiffres')}"
