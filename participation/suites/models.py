"""What was promised, by which direction, by when, and what came of it."""

import uuid
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.core import signing
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from participation.socle.models import Direction, Dossier, Piece
from participation.socle.workflow import Apparence
from participation.suites.workflow import ABOUTIS, APPARENCES, MOTIVES, Etat


class Suite(models.Model):
    SEL: ClassVar[str] = "suites.reponse"

    dossier = models.ForeignKey(
        Dossier, on_delete=models.PROTECT, related_name="suites", verbose_name="dossier"
    )
    intitule = models.CharField("suite", max_length=200)
    direction = models.ForeignKey(
        Direction, on_delete=models.PROTECT, related_name="suites", verbose_name="direction"
    )
    date_limite = models.DateField("attendue le")
    etat = models.CharField("état", max_length=20, choices=Etat, default=Etat.RECUE)
    texte_public = models.TextField("texte public", blank=True)
    motif = models.TextField("raison", blank=True)
    oriente_vers = models.CharField(
        "orientée vers",
        max_length=160,
        blank=True,
        help_text="Hors compétence : l’autorité qui peut répondre.",
    )
    est_publiee = models.BooleanField("publiée", default=True, help_text="Sur la page « Rendu compte ».")
    creee_le = models.DateTimeField("créée le", default=timezone.now)
    # First time that an answer (suivie, en partie, non suivie, hors compétence) was given: what the delays are measured to.
    repondue_le = models.DateTimeField("répondue le", null=True, blank=True, editable=False)
    modifiee_le = models.DateTimeField("modifiée le", auto_now=True)

    class Meta:
        verbose_name = "suite"
        ordering = ["date_limite", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(etat__in=sorted(MOTIVES)) | ~Q(motif=""),
                name="suite_motivee",
                violation_error_message="Dites pourquoi la suite n’est pas donnée, ou ne l’est qu’en partie.",
            )
        ]

    def __str__(self) -> str:
        return self.intitule

    def jeton(self) -> str:
        """What the signed link of the direction's answer page holds. It outlives the answer: the page says what became of it."""
        return signing.dumps(self.pk, salt=self.SEL)

    @property
    def apparence(self) -> Apparence:
        return APPARENCES[self.etat]

    @property
    def est_en_retard(self) -> bool:
        return self.etat not in ABOUTIS and self.date_limite < timezone.localdate()


class ChangementSuite(models.Model):
    """One line of a suite's history, public as the suite is. The database refuses that it be changed or removed."""

    suite = models.ForeignKey(
        Suite, on_delete=models.PROTECT, related_name="historique", verbose_name="suite"
    )
    etat_avant = models.CharField("état avant", max_length=20, choices=Etat, blank=True)
    etat_apres = models.CharField("état après", max_length=20, choices=Etat)
    texte_public = models.TextField("texte public", blank=True)
    motif = models.TextField("raison", blank=True)
    par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="par"
    )
    au_nom_de = models.CharField("au nom de", max_length=160, blank=True)
    le = models.DateTimeField("le", default=timezone.now)

    class Meta:
        verbose_name = "changement d’une suite"
        verbose_name_plural = "changements des suites"
        ordering = ["-le", "-pk"]
        triggers = [
            pgtrigger.Protect(
                name="changement_suite_ineffacable", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.suite} : {self.get_etat_apres_display()}"


class Preuve(models.Model):
    """What shows that it was done: a file of the dossier, or an address."""

    suite = models.ForeignKey(Suite, on_delete=models.PROTECT, related_name="preuves", verbose_name="suite")
    intitule = models.CharField("intitulé", max_length=160)
    piece = models.ForeignKey(
        Piece, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="fichier"
    )
    adresse = models.URLField("adresse", blank=True, max_length=400)
    le = models.DateTimeField("le", default=timezone.now)

    class Meta:
        verbose_name = "preuve"
        ordering = ["le", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(piece__isnull=False) | ~Q(adresse=""),
                name="preuve_fichier_ou_adresse",
                violation_error_message="Joignez un fichier ou donnez une adresse.",
            )
        ]

    def __str__(self) -> str:
        return self.intitule


class ReponseDirection(models.Model):
    """What a direction answered by its signed link: published as it is, or reworded, by an agent of the service."""

    suite = models.ForeignKey(Suite, on_delete=models.PROTECT, related_name="reponses", verbose_name="suite")
    etat = models.CharField("état proposé", max_length=20, choices=Etat)
    texte_public = models.TextField("texte public", blank=True)
    motif = models.TextField("raison", blank=True)
    oriente_vers = models.CharField("orientée vers", max_length=160, blank=True)
    nom = models.CharField("répondue par", max_length=160)
    recue_le = models.DateTimeField("reçue le", default=timezone.now)
    retenue_le = models.DateTimeField("retenue le", null=True, blank=True)
    ecartee_le = models.DateTimeField("écartée le", null=True, blank=True)
    raison_ecart = models.CharField("raison", max_length=200, blank=True)

    class Meta:
        verbose_name = "réponse d’une direction"
        verbose_name_plural = "réponses des directions"
        ordering = ["-recue_le", "-pk"]
        constraints = [
            models.UniqueConstraint(
                "suite",
                condition=Q(retenue_le__isnull=True, ecartee_le__isnull=True),
                name="reponse_une_en_attente",
                violation_error_message="Une réponse est déjà en attente de publication pour cette suite.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.nom} : {self.get_etat_display()}"


class Abonnement(models.Model):
    """Somebody follows a dossier by mail: confirmed by a link, left in one click."""

    dossier = models.ForeignKey(
        Dossier, on_delete=models.CASCADE, related_name="abonnements", verbose_name="dossier"
    )
    courriel = models.EmailField("courriel", max_length=254)
    cle = models.UUIDField("clé", default=uuid.uuid4, unique=True, editable=False)
    demande_le = models.DateTimeField("demandé le", default=timezone.now)
    confirme_le = models.DateTimeField("confirmé le", null=True, blank=True)
    arrete_le = models.DateTimeField("arrêté le", null=True, blank=True)

    class Meta:
        verbose_name = "abonnement"
        ordering = ["demande_le"]
        constraints = [
            models.UniqueConstraint(
                "dossier",
                Lower("courriel"),
                name="abonnement_unique",
                violation_error_message="Cette adresse suit déjà ce dossier.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.courriel} suit {self.dossier}"
