"""A letter is a row, written in the act's own transaction, then sent by a task that is given its number."""

from datetime import timedelta
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from participation.socle.models.dossiers import Dossier


class CourrielQuerySet(models.QuerySet["Courriel"]):
    def a_envoyer(self) -> Self:
        return self.filter(etat=Courriel.Etat.A_ENVOYER, prochain_essai_le__lte=timezone.now())

    def abandonnes(self, depuis: timedelta) -> Self:
        """Taken by a worker that has not come back: killed between the taking and the acknowledgement."""
        return self.filter(etat=Courriel.Etat.EN_COURS, pris_le__lt=timezone.now() - depuis)


class Courriel(models.Model):
    class Etat(models.TextChoices):
        A_ENVOYER = "a_envoyer", "à envoyer"
        EN_COURS = "en_cours", "en cours d’envoi"
        ENVOYE = "envoye", "envoyé"
        ECHEC = "echec", "en échec"
        REJETE = "rejete", "rejeté par le destinataire"
        ANNULE = "annule", "annulé"

    dossier = models.ForeignKey(
        Dossier,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="courriels",
        verbose_name="dossier",
    )
    acte = models.CharField(
        "acte",
        max_length=60,
        blank=True,
        help_text="La lettre dont il s’agit, par exemple « petitions/rejeter ».",
    )
    cle = models.CharField(
        "clé",
        max_length=120,
        null=True,
        blank=True,
        unique=True,
        help_text="Empêche d’écrire deux fois la même lettre.",
    )
    expediteur = models.CharField("expéditeur", max_length=254)
    destinataires = ArrayField(models.CharField(max_length=320), verbose_name="destinataires")
    repondre_a = models.CharField("répondre à", max_length=254, blank=True)
    sujet = models.CharField("sujet", max_length=255)
    corps = models.TextField("corps")
    corps_html = models.TextField("corps HTML", blank=True)
    entetes = models.JSONField("en-têtes", default=dict, blank=True)
    en_nombre = models.BooleanField(
        "envoi en nombre", default=False, help_text="Laisse passer devant elle les lettres écrites une à une."
    )
    etat = models.CharField("état", max_length=12, choices=Etat, default=Etat.A_ENVOYER)
    tentatives = models.PositiveSmallIntegerField("tentatives", default=0)
    erreur = models.TextField("dernière erreur", blank=True)
    cree_le = models.DateTimeField("écrit le", default=timezone.now)
    prochain_essai_le = models.DateTimeField("prochain essai le", default=timezone.now)
    pris_le = models.DateTimeField("pris le", null=True, blank=True)
    envoye_le = models.DateTimeField("envoyé le", null=True, blank=True)

    objects = CourrielQuerySet.as_manager()

    class Meta:
        verbose_name = "courriel"
        ordering = ["-cree_le", "-pk"]
        indexes = [
            models.Index(
                "en_nombre", "prochain_essai_le", condition=Q(etat="a_envoyer"), name="courriel_a_envoyer"
            ),
            models.Index("pris_le", condition=Q(etat="en_cours"), name="courriel_en_cours"),
            models.Index(fields=["-cree_le"], name="courriel_cree_le"),
        ]

    def __str__(self) -> str:
        return self.sujet


class PieceCourriel(models.Model):
    courriel = models.ForeignKey(
        Courriel, on_delete=models.CASCADE, related_name="pieces", verbose_name="courriel"
    )
    nom = models.CharField("nom", max_length=160)
    type_mime = models.CharField("type", max_length=100)
    contenu = models.BinaryField("contenu")

    class Meta:
        verbose_name = "pièce d’un courriel"
        verbose_name_plural = "pièces des courriels"

    def __str__(self) -> str:
        return self.nom
