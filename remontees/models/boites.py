"""Mailbox that is polled, and the mails received, saved before they are processed."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Substr
from django.urls import reverse
from django.utils import timezone

from participation.socle.francais import jour_texte
from participation.socle.models import CleEtrangere, Compte
from remontees.models.messages import Message
from remontees.models.remontees import Remontee

ESSAIS_MAX = 5
DEBUT_MONTRE = 1_200  # bytes
SORTS_A_VOIR = ("illisible", "lourd", "suspect", "trop")
A_VOIR = Q(vu_le__isnull=True) & (Q(sort__in=SORTS_A_VOIR) | Q(sort="a_traiter", essais__gte=ESSAIS_MAX))


class Boite(models.Model):
    """How far a mailbox was read.

    Tracked by UIDVALIDITY and UID, not by flags: a mail opened elsewhere is still read here.
    """

    nom = models.CharField("boîte", max_length=200, primary_key=True)
    validite = models.BigIntegerField("série des numéros", default=0)
    dernier = models.BigIntegerField("dernier numéro lu", default=0)
    relevee_le = models.DateTimeField("relevée le", null=True, blank=True)
    erreur = models.CharField("dernière panne", max_length=300, blank=True)
    en_panne_depuis = models.DateTimeField("en panne depuis", null=True, blank=True)
    echecs = models.PositiveSmallIntegerField(
        "échecs sur le prochain courriel",
        default=0,
        db_default=0,
        help_text="De suite : le courriel que le serveur ne rend pas est alors laissé dans la boîte, et dit.",
    )

    class Meta:
        verbose_name = "boîte relevée"
        verbose_name_plural = "boîtes relevées"

    def __str__(self) -> str:
        return self.nom


class CourrielRecuQuerySet(models.QuerySet["CourrielRecu"]):
    def a_traiter(self) -> Self:
        return self.filter(sort=CourrielRecu.Sort.A_TRAITER, essais__lt=ESSAIS_MAX)

    def avec_le_debut(self) -> Self:
        """Add `debut`, the first bytes, and leave the others in the database: pages read no whole mail."""
        return self.defer("octets").annotate(
            debut=Substr("octets", 1, DEBUT_MONTRE, output_field=models.BinaryField())
        )

    def a_voir(self) -> Self:
        """Return what waits for an agent: in quarantine, unread, too heavy, too many, or never finished."""
        # One condition, the same as the index's.
        return self.filter(A_VOIR)


class CourrielRecu(models.Model):
    """A mail received, one row for each fingerprint (`regles.courriels.cle_de`).

    Its bytes are kept until a remontée or a message is made of it, or an agent has looked at it. `lu`: what the
    worker read, which pages show; `boite`: the mailbox of its author, under one spelling; `preuve`: the check
    that its address passed.
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
        SUSPECT = "suspect", "en quarantaine"
        ILLISIBLE = "illisible", "n’a pas pu être lu"

    cle = models.UUIDField("clé", primary_key=True)
    octets = models.BinaryField("message", default=b"")
    taille = models.PositiveIntegerField("taille", default=0)
    recu_le = models.DateTimeField("reçu le", default=timezone.now)
    expediteur = models.CharField("de", max_length=254, blank=True)
    boite = models.CharField("boîte de l’expéditeur", max_length=254, blank=True, default="", db_default="")
    objet = models.CharField("objet", max_length=255, blank=True)
    sort = models.CharField("ce qu’il est devenu", max_length=12, choices=Sort, default=Sort.A_TRAITER)
    remontee = CleEtrangere(Remontee, null=True, related_name="courriels_recus", verbose_name="remontée")
    message = CleEtrangere(Message, null=True, related_name="+")
    traite_le = models.DateTimeField("traité le", null=True, blank=True)
    essais = models.PositiveSmallIntegerField("essais", default=0)
    erreur = models.CharField("ce qui n’a pas été gardé", max_length=500, blank=True)
    lu = models.JSONField("ce qui en a été lu", null=True, blank=True)
    preuve = models.CharField("vérification passée", max_length=120, blank=True, default="", db_default="")
    vu_le = models.DateTimeField("vu le", null=True, blank=True)
    vu_par = CleEtrangere(Compte, null=True, related_name="+", verbose_name="vu par")

    objects = CourrielRecuQuerySet.as_manager()

    class Meta:
        verbose_name = "courriel reçu"
        verbose_name_plural = "courriels reçus"
        ordering = ["-recu_le", "cle"]
        indexes = [
            models.Index("recu_le", condition=Q(sort="a_traiter"), name="courriel_recu_a_traiter"),
            models.Index(fields=["-recu_le"], name="courriel_recu_liste"),
            models.Index("expediteur", "recu_le", name="courriel_recu_expediteur"),
            models.Index("boite", "recu_le", name="courriel_recu_boite"),
            models.Index("recu_le", condition=A_VOIR, name="courriel_recu_a_voir"),
        ]

    def __str__(self) -> str:
        return self.objet or f"courriel du {jour_texte(self.recu_le, 'chiffres')}"

    def get_absolute_url(self) -> str:
        return reverse("remontees:courriel_recu", args=[self.pk])

    @property
    def est_reprenable(self) -> bool:
        """Whether it may be processed again, as long as its bytes are kept: no remontée was made of it."""
        return self.remontee_id is None and self.sort != self.Sort.LOURD

    @property
    def est_a_voir(self) -> bool:
        """Whether it waits for an agent (`a_voir`)."""
        if self.vu_le is not None:
            return False
        return self.sort in SORTS_A_VOIR or (self.sort == self.Sort.A_TRAITER and self.essais >= ESSAIS_MAX)
