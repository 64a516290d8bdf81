"""Mailbox that is polled, and the mails received, saved before they are processed."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from participation.socle.francais import jour_texte
from participation.socle.models import CleEtrangere
from remontees.models.messages import Message
from remontees.models.remontees import Remontee

ESSAIS_MAX = 5


class Boite(models.Model):
    """How far a mailbox was read.

    Tracked by UIDVALIDITY and UID, not by flags: a mail opened elsewhere is still read here.
    """

    nom = models.CharField("boîte", max_length=200, primary_key=True)
    validite = models.BigIntegerField("série des numéros", default=0)
    dernier = models.BigIntegerField("dernier numéro lu", default=0)
    relevee_le = models.DateTimeField("relevée le", null=True, blank=True)
    erreur = models.CharField("dernière panne", max_length=300, blank=True)

    class Meta:
        verbose_name = "boîte relevée"
        verbose_name_plural = "boîtes relevées"

    def __str__(self) -> str:
        return self.nom


class CourrielRecuQuerySet(models.QuerySet["CourrielRecu"]):
    def a_traiter(self) -> Self:
        return self.filter(sort=CourrielRecu.Sort.A_TRAITER, essais__lt=ESSAIS_MAX)


class CourrielRecu(models.Model):
    """A mail received, one row per Message-ID.

    Its bytes are kept until a remontée or a message is made of it.
    """

    class Sort(models.TextChoices):
        A_TRAITER = "a_traiter", "à traiter"
        REMONTEE = "remontee", "nouvelle remontée"
        MESSAGE = "message", "message d’une remontée"
        REBOND = "rebond", "lettre revenue"
        AUTOMATIQUE = "automatique", "réponse automatique"
        NOTRE = "notre", "écrit par nous"
        TROP = "trop", "trop de messages de cette adresse"
        LOURD = "lourd", "trop lourd"

    # No automatic answer; an agent may process them.
    ECARTES = (Sort.AUTOMATIQUE, Sort.NOTRE, Sort.TROP, Sort.REBOND)

    cle = models.UUIDField("clé", primary_key=True)
    octets = models.BinaryField("message", default=b"")
    taille = models.PositiveIntegerField("taille", default=0)
    recu_le = models.DateTimeField("reçu le", default=timezone.now)
    expediteur = models.CharField("de", max_length=254, blank=True)
    objet = models.CharField("objet", max_length=255, blank=True)
    sort = models.CharField("ce qu’il est devenu", max_length=12, choices=Sort, default=Sort.A_TRAITER)
    remontee = CleEtrangere(Remontee, null=True, related_name="courriels_recus", verbose_name="remontée")
    message = CleEtrangere(Message, null=True, related_name="+")
    traite_le = models.DateTimeField("traité le", null=True, blank=True)
    essais = models.PositiveSmallIntegerField("essais", default=0)
    erreur = models.CharField("ce qui n’a pas été gardé", max_length=500, blank=True)

    objects = CourrielRecuQuerySet.as_manager()

    class Meta:
        verbose_name = "courriel reçu"
        verbose_name_plural = "courriels reçus"
        ordering = ["-recu_le", "cle"]
        indexes = [
            models.Index("recu_le", condition=Q(sort="a_traiter"), name="courriel_recu_a_traiter"),
            models.Index(fields=["-recu_le"], name="courriel_recu_liste"),
            models.Index("expediteur", "recu_le", name="courriel_recu_expediteur"),
        ]

    def __str__(self) -> str:
        return self.objet or f"courriel du {jour_texte(self.recu_le, 'chiffres')}"

    def get_absolute_url(self) -> str:
        return reverse("remontees:courriel_recu", args=[self.pk])

    @property
    def se_reprend(self) -> bool:
        """Whether the mail can be processed again: its bytes are kept and no remontée was made of it."""
        return bool(self.octets) and self.remontee_id is None and self.sort != self.Sort.LOURD
