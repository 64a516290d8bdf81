"""Text of an avis: paragraphs, proposed wordings, versions, préconisations, positions, transmissions."""

from typing import Any, ClassVar, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from ccspl.models.saisines import Avis
from ccspl.workflow import Etat
from participation.seances.models import Membre, Seance
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.liens import Lien
from participation.socle.models import (
    CleEtrangere,
    CleUnique,
    Compte,
    Courriel,
    Direction,
    Partie,
    PortePar,
    Scelle,
)
from participation.socle.workflow import Role
from participation.suites.models import Suite


class PartieDeLAvis(Partie):
    """Base of the parts of an avis: acts on them are acts of the avis."""

    avis: Any

    suivi = PortePar[Avis]("avis")

    class Meta:
        abstract = True

    @property
    def designation(self) -> str:
        return self.suivi.designation


class Paragraphe(PartieDeLAvis):
    """A paragraph of the text of an avis.

    `rang_version` increases when its text changes, which shows that a proposition is outdated.
    """

    avis = CleEtrangere(Avis, related_name="paragraphes")
    ordre = models.PositiveSmallIntegerField("ordre")
    texte = models.TextField("texte", max_length=6000)
    rang_version = models.PositiveIntegerField("version", default=1)
    supprime_le = models.DateTimeField("supprimé le", null=True, blank=True)

    class Meta:
        verbose_name = "paragraphe"
        ordering = ["avis", "ordre", "pk"]

    def __str__(self) -> str:
        return self.texte[:60]

    def refus(self, acte: str, par: Compte | None) -> ErreurMetier | None:
        if self.supprime_le is not None:
            return ActeInterdit("Ce paragraphe n’est plus dans le texte : quelqu’un l’a supprimé.")
        return None


class Proposition(PartieDeLAvis):
    """Wording proposed by a member: a paragraph changed, removed (empty text), or added after another."""

    class Nature(models.TextChoices):
        MODIFIER = "modifier", "modifier"
        AJOUTER = "ajouter", "ajouter après"
        SUPPRIMER = "supprimer", "supprimer"

    class Etat(models.TextChoices):
        EN_ATTENTE = "en_attente", "à décider"
        ACCEPTEE = "acceptee", "acceptée"
        REFUSEE = "refusee", "refusée"
        RETIREE = "retiree", "retirée par son auteur"

    avis = CleEtrangere(Avis, related_name="propositions")
    paragraphe = CleEtrangere(
        Paragraphe, null=True, related_name="propositions", help_text="Vide, pour un ajout en tête."
    )
    nature = models.CharField("nature", max_length=10, choices=Nature, default=Nature.MODIFIER)
    texte = models.TextField("rédaction proposée", blank=True, max_length=6000)
    texte_de_depart = models.TextField("texte de départ", blank=True)
    rang_version = models.PositiveIntegerField("version de départ", default=0)
    raison = models.TextField("pourquoi", blank=True, max_length=600)
    auteur = CleEtrangere(settings.AUTH_USER_MODEL, related_name="+")
    membre = CleEtrangere(Membre, null=True, related_name="+")
    seance = CleEtrangere(Seance, null=True, related_name="+", verbose_name="proposée en séance")
    etat = models.CharField("état", max_length=10, choices=Etat, default=Etat.EN_ATTENTE)
    reponse = models.CharField("raison du refus", max_length=300, blank=True)
    proposee_le = models.DateTimeField("proposée le", default=timezone.now)
    decidee_le = models.DateTimeField("décidée le", null=True, blank=True)
    decidee_par = CleEtrangere(
        settings.AUTH_USER_MODEL, null=True, related_name="+", verbose_name="décidée par"
    )

    class Meta:
        verbose_name = "proposition de rédaction"
        verbose_name_plural = "propositions de rédaction"
        ordering = ["proposee_le", "pk"]

    def __str__(self) -> str:
        return f"{self.get_nature_display()} : {self.texte[:60]}"

    @property
    def est_en_attente(self) -> bool:
        return self.etat == self.Etat.EN_ATTENTE

    @property
    def est_depassee(self) -> bool:
        """Whether the paragraph has changed, or was removed, since the proposition."""
        if self.paragraphe is None or self.nature == self.Nature.AJOUTER:
            return False
        return self.paragraphe.rang_version != self.rang_version or self.paragraphe.supprime_le is not None

    def roles_de(self, compte: Compte | None) -> frozenset[str]:
        return frozenset({Role.AUTEUR} if compte is not None and compte.pk == self.auteur_id else ())

    def refus(self, acte: str, par: Compte | None) -> ErreurMetier | None:
        if not self.est_en_attente:
            return ActeInterdit(f"Cette proposition est déjà {self.get_etat_display()}.")
        return None


class VersionAvis(models.Model):
    """The whole text at some moment, with its hash. The adopted version is protected by a trigger."""

    avis = CleEtrangere(Avis, related_name="versions")
    numero = models.PositiveIntegerField("numéro")
    paragraphes = models.JSONField("paragraphes", default=list)
    preconisations = models.JSONField("préconisations", default=list, blank=True)
    coauteurs = models.JSONField(
        "co-auteurs", default=list, help_text="Noms des membres dont une rédaction est entrée."
    )
    origine = models.CharField("ce qui a changé", max_length=160, blank=True)
    sha256 = models.CharField("empreinte SHA-256", max_length=64)
    est_adoptee = models.BooleanField("adoptée", default=False)
    par = CleEtrangere(settings.AUTH_USER_MODEL, null=True, blank=False, related_name="+")
    le = models.DateTimeField("le", default=timezone.now)

    class Meta:
        verbose_name = "version d’un avis"
        verbose_name_plural = "versions des avis"
        ordering = ["avis", "-numero"]
        constraints = [
            models.UniqueConstraint(
                "avis",
                "numero",
                name="version_avis_unique",
                violation_error_message="Une autre version de cet avis vient de prendre ce numéro : recommencez.",
            ),
            models.UniqueConstraint(
                "avis",
                condition=Q(est_adoptee=True),
                name="version_avis_une_adoptee",
                violation_error_message="Une version de cet avis est déjà adoptée.",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="version_adoptee_figee",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__est_adoptee=True),
            )
        ]

    def __str__(self) -> str:
        return f"version {self.numero}"


class Preconisation(PartieDeLAvis):
    """A line of the avis, which a direction must answer with a suite."""

    avis = CleEtrangere(Avis, related_name="preconisations")
    numero = models.PositiveSmallIntegerField("numéro")
    texte = models.TextField("préconisation", max_length=2000)
    direction = CleEtrangere(Direction, null=True, related_name="+")
    suite = CleUnique(Suite, null=True, related_name="preconisation")

    class Meta:
        verbose_name = "préconisation"
        ordering = ["avis", "numero"]
        constraints = [
            models.UniqueConstraint(
                "avis",
                "numero",
                name="preconisation_numero_unique",
                violation_error_message="Une autre préconisation vient de prendre ce numéro : recommencez.",
            )
        ]

    def __str__(self) -> str:
        return self.texte[:80]


class PositionMinoritaire(models.Model):
    avis = CleEtrangere(Avis, related_name="positions")
    membre = CleEtrangere(Membre, related_name="+")
    texte = models.TextField("position", max_length=2000)
    le = models.DateTimeField("le", default=timezone.now)

    class Meta:
        verbose_name = "position minoritaire"
        verbose_name_plural = "positions minoritaires"
        ordering = ["le"]
        constraints = [
            models.UniqueConstraint(
                "avis",
                "membre",
                name="position_unique",
                violation_error_message="Votre position est déjà notée.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.membre} : {self.texte[:60]}"


class TransmissionQuerySet(models.QuerySet["Transmission"]):
    def a_remettre(self) -> Self:
        """Keep the transmissions that an agent must still hand over: no address, and not handed over.

        Left out: those written to the same recipient later, those of a direction that answered one of the
        suites of the avis (it received it somehow), and those of closed avis.
        """
        ecrites = Transmission.objects.filter(
            pk__gt=OuterRef("pk"),
            avis=OuterRef("avis"),
            destinataire=OuterRef("destinataire"),
            est_sans_adresse=False,
        )
        repondues = Suite.objects.repondues().filter(
            dossier=OuterRef("avis"), direction=OuterRef("direction")
        )
        return self.filter(
            ~Exists(ecrites), ~Exists(repondues), est_sans_adresse=True, date_remise=None, accusee_le=None
        ).exclude(avis__etat=Etat.CLOS)


class Transmission(Scelle, PartieDeLAvis):
    """Sending of the avis to somebody, who acknowledges it by signed link.

    Without an address, an agent hands over the avis.
    """

    LIEN: ClassVar[Lien] = Lien("ccspl.transmission")

    class Nature(models.TextChoices):
        DIRECTION = "direction", "direction"
        ELU = "elu", "élu"
        COMMISSION = "commission", "commission du conseil"
        CONSEIL = "conseil", "conseil"

    avis = CleEtrangere(Avis, related_name="transmissions")
    nature = models.CharField("à", max_length=12, choices=Nature)
    direction = CleEtrangere(Direction, null=True, related_name="+")
    destinataire = models.CharField("destinataire", max_length=160)
    adresse = models.EmailField("courriel", blank=True)
    courriel = CleUnique(
        Courriel, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name="lettre"
    )
    envoyee_le = models.DateTimeField("envoyée le", default=timezone.now)
    date_limite = models.DateField("réponse attendue le", null=True, blank=True)
    accusee_le = models.DateTimeField("accusée le", null=True, blank=True)
    accusee_par = models.CharField("accusée par", max_length=160, blank=True)
    # Kept here because the letter itself is erased one day.
    est_sans_adresse = models.BooleanField("rien n’est parti, faute d’adresse", default=False)
    date_remise = models.DateField("remise le", null=True, blank=True)

    objects = TransmissionQuerySet.as_manager()

    class Meta:
        verbose_name = "transmission"
        ordering = ["envoyee_le", "pk"]
        indexes = [
            # What is to be handed over, the oldest first: « Ma journée » shows the first ones, whatever their number.
            models.Index(
                fields=["envoyee_le", "id"],
                condition=Q(est_sans_adresse=True, date_remise=None, accusee_le=None),
                name="transmission_a_remettre",
            )
        ]

    def __str__(self) -> str:
        return f"{self.avis} à {self.destinataire}"
