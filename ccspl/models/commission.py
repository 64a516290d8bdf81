"""Life of the commission between séances: letter of the month, library, calls to members, annual report."""

import uuid
from datetime import date
from typing import Any, ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from ccspl import workflow
from ccspl.models.saisines import INSTANCE
from participation.seances.models import Instance, Membre
from participation.socle.collectivite import ici_plus_tard
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.francais import jour_texte
from participation.socle.models import (
    CleEtrangere,
    CleUnique,
    Compte,
    Document,
    Reglement,
    ReglementQuerySet,
    Suivi,
)
from participation.socle.regles.versions import empreinte
from participation.socle.workflow import Table


class ReglementCommission(Reglement):
    """Rules about the figures and the report of the commission, in addition to the règlement of its
    séances."""

    rapport_mois = models.PositiveSmallIntegerField(
        "état des travaux : mois",
        default=7,
        help_text=ici_plus_tard("Présenté à l’assemblée avant ce jour ({loi_ccspl}, à vérifier)."),
    )
    rapport_jour = models.PositiveSmallIntegerField("état des travaux : jour", default=1)
    rapport_annonce = models.PositiveSmallIntegerField(
        "annoncé tant de jours avant", default=90, help_text="Dans « Ma journée » des agents."
    )
    secret_statistique = models.PositiveSmallIntegerField(
        "plus petit nombre montré",
        default=5,
        help_text="Pour ce que les membres disent d’eux : en dessous, le nombre est caché.",
    )

    objects: ClassVar[Any] = ReglementQuerySet.as_manager()

    class Meta(Reglement.Meta):
        verbose_name = "règlement de la commission"
        verbose_name_plural = "règlements de la commission"
        constraints = [
            *Reglement.Meta.constraints,
            models.CheckConstraint(
                condition=Q(rapport_mois__gte=1, rapport_mois__lte=12)
                & Q(rapport_jour__gte=1, rapport_jour__lte=28),
                name="reglementcommission_jour_du_rapport",
                violation_error_message="Choisissez un mois de 1 à 12 et un jour de 1 à 28.",
            ),
        ]

    def limite_du_rapport(self, annee: int) -> date:
        """Return the day of the next year before which the report of `annee` must be presented."""
        return date(annee + 1, self.rapport_mois, self.rapport_jour)


class AbonnementResume(models.Model):
    """Subscription of an account to the letter of the month; a link stops it in one click."""

    compte = CleUnique(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="abonnement_resume")
    cle = models.UUIDField("clé", default=uuid.uuid4, unique=True, editable=False)
    demande_le = models.DateTimeField("demandé le", default=timezone.now)
    arrete_le = models.DateTimeField("arrêté le", null=True, blank=True)

    class Meta:
        verbose_name = "abonnement au résumé du mois"
        verbose_name_plural = "abonnements au résumé du mois"

    def __str__(self) -> str:
        return str(self.compte)


class DeLaCommission(Suivi):
    """Base of the objects that agents keep for the commission.

    Their acts are in the journal of the instance.
    """

    class Meta:
        abstract = True

    @property
    def porteur(self) -> Instance:
        """Instance of the commission. Raises ErreurMetier before it is created."""
        instance = Instance.objects.filter(cle=INSTANCE).first()
        if instance is None:
            raise ErreurMetier("La commission n’est pas encore installée : créez d’abord son instance.")
        return instance


class DocumentBibliotheque(DeLaCommission):
    """A document of the library: règlement, guide, study, training slides. Its file may be replaced."""

    SUJET = "le document"
    TRANSITIONS: ClassVar[Table] = workflow.BIBLIOTHEQUE

    class Categorie(models.TextChoices):
        REGLEMENT = "reglement", "règles de la commission"
        GUIDE = "guide", "guides et modes d’emploi"
        SERVICE = "service", "les services publics suivis"
        RAPPORT = "rapport", "rapports et bilans"
        FORMATION = "formation", "supports de formation"
        AUTRE = "autre", "autres documents"

    titre = models.CharField("titre", max_length=160)
    categorie = models.CharField("rubrique", max_length=10, choices=Categorie)
    description = models.TextField("en une phrase", blank=True, max_length=400)
    est_public = models.BooleanField(
        "ouvert à tous",
        default=False,
        help_text="Sinon, les membres de la commission et les agents le lisent seuls.",
    )
    version = CleEtrangere(
        "VersionDocument",
        null=True,
        blank=False,
        editable=False,
        related_name="+",
        verbose_name="version montrée",
    )
    retire_le = models.DateTimeField("retiré le", null=True, blank=True)
    motif_retrait = models.CharField("raison du retrait", max_length=200, blank=True)
    cree_le = models.DateTimeField("ajouté le", default=timezone.now, editable=False)
    modifie_le = models.DateTimeField("modifié le", default=timezone.now, editable=False)

    class Meta:
        verbose_name = "document de la bibliothèque"
        verbose_name_plural = "documents de la bibliothèque"
        ordering = ["categorie", "titre", "pk"]
        constraints = [
            models.UniqueConstraint(
                "titre",
                condition=Q(retire_le__isnull=True),
                name="bibliotheque_titre_unique",
                violation_error_message="Un document de ce titre est déjà dans la bibliothèque : remplacez son fichier.",
            )
        ]

    def __str__(self) -> str:
        return self.titre

    def get_absolute_url(self) -> str:
        return reverse("ccspl:document_bibliotheque", args=[self.pk])

    @property
    def fil_avant(self) -> list[tuple[str, str]]:
        return [("Bibliothèque", reverse("ccspl:documents_bibliotheque"))]

    @property
    def designation(self) -> str:
        return self.titre or "La bibliothèque de la commission"

    def refus(self, acte: str, par: Compte | None, sur: models.Model | None = None) -> ErreurMetier | None:
        refus = super().refus(acte, par, sur)
        if refus is None and self.retire_le is not None:
            return ActeInterdit("Ce document est retiré de la bibliothèque.")
        return refus


def chemin_bibliotheque(version: "VersionDocument", nom: str) -> str:
    # The file name given by the sender is never used on disk.
    return f"bibliotheque/{uuid.uuid4()}"


class VersionDocument(models.Model):
    """One file of a document of the library. The last one is shown, the former ones are kept."""

    document = CleEtrangere(DocumentBibliotheque, related_name="versions")
    numero = models.PositiveSmallIntegerField("numéro")
    fichier = models.FileField("fichier", upload_to=chemin_bibliotheque)
    nom = models.CharField("nom du fichier", max_length=160)
    type_mime = models.CharField("type", max_length=100)
    taille = models.PositiveIntegerField("taille (octets)")
    sha256 = models.CharField("empreinte SHA-256", max_length=64)
    motif = models.CharField("ce qui a changé", max_length=200, blank=True)
    par = CleEtrangere(settings.AUTH_USER_MODEL, null=True, blank=False, related_name="+")
    le = models.DateTimeField("le", default=timezone.now)

    class Meta:
        verbose_name = "version d’un document"
        verbose_name_plural = "versions des documents"
        ordering = ["document", "-numero"]
        constraints = [
            models.UniqueConstraint(
                "document",
                "numero",
                name="version_document_unique",
                violation_error_message="Une autre version de ce document vient de prendre ce numéro : recommencez.",
            )
        ]
        triggers = [
            pgtrigger.Protect(
                name="version_document_ineffacable", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.document}, version {self.numero}"


class PriseDeNouvelles(DeLaCommission):
    """A call of the service to a member who no longer came.

    Absences before the call no longer count to suggest another one.
    """

    SUJET = "l’appel"
    TRANSITIONS: ClassVar[Table] = workflow.APPELS

    membre = CleEtrangere(Membre, related_name="prises_de_nouvelles")
    date = models.DateField("faite le", default=timezone.localdate)
    note = models.TextField(
        "ce qui s’est dit", blank=True, max_length=1000, help_text="Lu par les agents du service seulement."
    )
    absences = models.PositiveSmallIntegerField("absences de suite ce jour-là", default=0)
    par = CleEtrangere(settings.AUTH_USER_MODEL, null=True, blank=False, related_name="+")
    le = models.DateTimeField("notée le", default=timezone.now)

    class Meta:
        verbose_name = "prise de nouvelles"
        verbose_name_plural = "prises de nouvelles"
        ordering = ["-date", "-pk"]

    def __str__(self) -> str:
        return f"{self.membre}, {jour_texte(self.date, 'chiffres')}"

    def get_absolute_url(self) -> str:
        return reverse("ccspl:suivi_membre", args=[self.membre_id])

    @property
    def fil(self) -> list[tuple[str, str]]:
        return [
            ("Vie de la commission", reverse("ccspl:vie_de_la_commission")),
            ("Participation", reverse("ccspl:participation")),
            (str(self.membre), self.get_absolute_url()),
        ]

    @property
    def designation(self) -> str:
        return f"{self.membre}, {self.membre.college}"

    @property
    def cites(self) -> dict[str, models.Model]:
        return {"membre": self.membre}


class RapportAnnuel(DeLaCommission):
    """The état des travaux of a year: two texts, and data.

    When arrêté, its PDF is frozen; it can then be published.
    """

    SUJET = "le rapport"
    TRANSITIONS: ClassVar[Table] = workflow.RAPPORT
    TEXTES = ("introduction", "conclusions")

    annee = models.PositiveSmallIntegerField("année", unique=True)
    introduction = models.TextField("introduction", blank=True, max_length=20000)
    conclusions = models.TextField("conclusions", blank=True, max_length=20000)
    document = CleUnique(Document, null=True, related_name="rapport_ccspl")
    arrete_le = models.DateTimeField("arrêté le", null=True, blank=True)
    publie_le = models.DateTimeField("publié le", null=True, blank=True)
    modifie_le = models.DateTimeField("modifié le", auto_now=True)

    class Meta:
        verbose_name = "rapport annuel"
        verbose_name_plural = "rapports annuels"
        ordering = ["-annee"]
        constraints = [
            models.CheckConstraint(
                condition=Q(arrete_le__isnull=True) | Q(document__isnull=False),
                name="rapport_arrete_a_son_document",
                violation_error_message="Préparez le document avant d’arrêter le rapport.",
            ),
            models.CheckConstraint(
                condition=Q(publie_le__isnull=True) | Q(arrete_le__isnull=False),
                name="rapport_publie_une_fois_arrete",
                violation_error_message="Arrêtez le rapport avant de le publier.",
            ),
        ]

    def __str__(self) -> str:
        return f"Rapport d’activité {self.annee}"

    def get_absolute_url(self) -> str:
        return f"{reverse('ccspl:rapport_annuel')}?annee={self.annee}"

    @property
    def dans_l_adresse(self) -> int:
        return self.annee

    @classmethod
    def de(cls, annee: int) -> "RapportAnnuel":
        """Return the row of the year, or a new unsaved one."""
        return cls.objects.select_related("document").filter(annee=annee).first() or cls(annee=annee)

    @property
    def fil(self) -> list[tuple[str, str]]:
        return [("Vie de la commission", reverse("ccspl:vie_de_la_commission")), *super().fil]

    @property
    def empreinte_des_textes(self) -> str:
        return empreinte(self, self.TEXTES)

    @property
    def textes_changes(self) -> bool:
        """Whether the texts have changed since the PDF was made."""
        return (
            self.document is not None
            and self.arrete_le is None
            and self.document.donnees.get("empreinte_des_textes") != self.empreinte_des_textes
        )

    def refus(self, acte: str, par: Compte | None, sur: models.Model | None = None) -> ErreurMetier | None:
        refus = super().refus(acte, par, sur)
        if refus is not None:
            return refus
        if acte != "publier_rapport":
            est_arrete = self.arrete_le is not None
            return (
                ActeInterdit(f"Le rapport {self.annee} est arrêté : il ne change plus.")
                if est_arrete
                else None
            )
        if self.arrete_le is None:
            return ActeInterdit("Arrêtez le rapport avant de le publier.")
        return ActeInterdit("Ce rapport est déjà publié.") if self.publie_le is not None else None

    def avant_d_arreter(self, acte: str, par: Compte | None) -> list[str]:
        if self.document is None:
            return ["Mettez d’abord le rapport en page, et relisez-le."]
        if self.textes_changes:
            return ["Les textes ont changé depuis la mise en page. Mettez le rapport en page de nouveau."]
        if self.document.etat != Document.Etat.PRET:
            return ["Ce document n’est pas prêt : il ne peut pas encore être figé."]
        return []
