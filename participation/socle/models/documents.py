"""Documents (PDFs made by the service, frozen once sent or adopted), pièces (files joined by people), exports."""

import uuid
from datetime import datetime, timedelta
from typing import Self

import pgtrigger
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from participation.socle.calendrier import est_loin
from participation.socle.models.champs import CleEtrangere
from participation.socle.models.dossiers import Dossier, Visiteur, hors_brouillons, reserves_pour
from participation.socle.models.suivi import Partie, PortePar, Suivi


def chemin_document(document: "Document", nom: str) -> str:
    return f"documents/{document.cle_publique}.pdf"


def chemin_piece(piece: "Piece", nom: str) -> str:
    # The file name given by the sender is never used on disk.
    return f"pieces/{uuid.uuid4()}"


class DocumentQuerySet(models.QuerySet["Document"]):
    def publics(self) -> Self:
        """Keep the documents open to all: marked public, and about no dossier or a published one."""
        return self.filter(
            Q(est_public=True, est_interne=False), Q(dossier__isnull=True) | Q(dossier__est_publie=True)
        )

    def visibles_par(self, visiteur: Visiteur) -> Self:
        """Keep the documents that the visitor may read.

        Agents of the service: all but those about the drafts of others and about reserved dossiers; also
        without an impression that holds one courrier about such a dossier. Other accounts: public documents,
        those they asked for, those of their own dossiers and of the dossiers that their direction is in
        charge of, or that their direction or commune was asked about; never those marked `est_interne`.
        """
        if isinstance(visiteur, AnonymousUser):
            return self.publics()
        if visiteur.est_agent:
            # Subqueries, not joins: reserved dossiers are few.
            reserves = reserves_pour(visiteur)
            imprimes = reserves.filter(courriers__impression__document__isnull=False)
            ensembles = imprimes.values("courriers__impression__document")
            ouverts = Q(dossier__isnull=True) | hors_brouillons(visiteur, "dossier__")
            return self.filter(ouverts).exclude(dossier__in=reserves).exclude(pk__in=ensembles)
        miens = (
            Q(par=visiteur)
            | Q(dossier__auteur=visiteur)
            | Q(est_public=True, dossier__isnull=True)
            | Q(est_public=True, dossier__est_publie=True)
        )
        for appartenance in visiteur.appartenances_en_vigueur:
            if appartenance.direction_id:
                miens |= Q(dossier__demandes__direction=appartenance.direction_id)
                miens |= Q(dossier__direction=appartenance.direction_id)
            if appartenance.commune_id:
                miens |= Q(dossier__demandes__commune=appartenance.commune_id)
        lisibles = self.exclude(dossier__in=reserves_pour(visiteur))
        return lisibles.filter(pk__in=Document.objects.filter(miens).values("pk"), est_interne=False)

    def abandonnes(self, depuis: timedelta) -> Self:
        """Keep the documents asked for more than `depuis` ago and still not made.

        The worker was killed, or the broker lost the request.
        """
        return self.filter(est_loin("demande_le", depuis), etat=Document.Etat.EN_PREPARATION)


class Document(models.Model):
    """A PDF made by the service: written by a task, hashed, frozen once adopted or sent."""

    class Etat(models.TextChoices):
        EN_PREPARATION = "en_preparation", "en préparation"
        PRET = "pret", "prêt"
        ECHEC = "echec", "en échec"

    dossier = CleEtrangere(Dossier, null=True, related_name="documents")
    cle_publique = models.UUIDField("clé publique", default=uuid.uuid4, unique=True, editable=False)
    nature = models.CharField(
        "nature", max_length=40, help_text="Le gabarit, par exemple « petitions/affiche »."
    )
    titre = models.CharField("titre", max_length=160)
    etat = models.CharField("état", max_length=16, choices=Etat, default=Etat.EN_PREPARATION)
    progression = models.PositiveSmallIntegerField("progression (%)", default=0)
    erreur = models.TextField("erreur", blank=True)
    fichier = models.FileField("fichier", upload_to=chemin_document, blank=True)
    sha256 = models.CharField("empreinte SHA-256", max_length=64, blank=True)
    donnees = models.JSONField("données du gabarit", default=dict, blank=True)
    est_public = models.BooleanField("public", default=False)
    est_interne = models.BooleanField("réservé aux agents du service", default=False)
    par = CleEtrangere(settings.AUTH_USER_MODEL, null=True, related_name="+", verbose_name="demandé par")
    cree_le = models.DateTimeField("créé le", default=timezone.now)
    demande_le = models.DateTimeField("demandé le", default=timezone.now, editable=False)
    tentatives = models.PositiveSmallIntegerField("tentatives", default=0, editable=False)
    fige_le = models.DateTimeField("figé le", null=True, blank=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = "document"
        ordering = ["-cree_le", "-pk"]
        indexes = [
            models.Index("demande_le", condition=Q(etat="en_preparation"), name="document_en_preparation")
        ]
        triggers = [
            pgtrigger.Protect(
                name="document_fige",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__fige_le__isnull=False)
                & (
                    pgtrigger.Q(old__fichier__df=pgtrigger.F("new__fichier"))
                    | pgtrigger.Q(old__sha256__df=pgtrigger.F("new__sha256"))
                    | pgtrigger.Q(old__fige_le__df=pgtrigger.F("new__fige_le"))
                ),
            ),
            pgtrigger.Protect(
                name="document_fige_ineffacable",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__fige_le__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(etat="pret") | (~Q(sha256="") & ~Q(fichier="")),
                name="document_pret_a_son_empreinte",
                violation_error_message="Un document prêt a un fichier et son empreinte.",
            )
        ]

    def __str__(self) -> str:
        return self.titre


class ExamenPdf(models.Model):
    """Result of the check of a joined PDF, found by the hash of its content.

    A PDF with active content is only downloaded, never shown; nor is one with no row here, or checked under
    an older rule. Holds no personal data.
    """

    # Version of the rule of `actions.pieces.examiner`. When the rule becomes stricter, add one: the nightly
    # task then checks all files again.
    REGLE = 1

    sha256 = models.CharField("empreinte SHA-256", max_length=64, primary_key=True)
    agit = models.BooleanField("agit, ou ne se lit pas")
    regle = models.PositiveSmallIntegerField("règle de l’examen")
    vu_le = models.DateTimeField("vu le", default=timezone.now)

    class Meta:
        verbose_name = "examen d’un PDF"
        verbose_name_plural = "examens des PDF"

    def __str__(self) -> str:
        return self.sha256

    @classmethod
    def se_montre(cls, sha256: str) -> bool:
        return cls.objects.filter(sha256=sha256, agit=False, regle=cls.REGLE).exists()


def _jointe_a_une_reponse() -> Exists:
    """Condition on pièces joined to the answer to a demande: only the service and their author read them."""
    return Exists(Dossier.objects.filter(demandes__piece=OuterRef("pk")))


def _lues_par_qui_est_demande(directions: list[int]) -> Q:
    """Condition on the pièces that agents of these directions may read, as by the signed link of a demande.

    Files joined to the answers of others are left out, and those that the nature of the dossier reserves
    (`PIECES_RESERVEES`).
    """
    sienne = Exists(
        Dossier.objects.filter(demandes__piece=OuterRef("pk"), demandes__direction__in=directions)
    )
    lues = Q(dossier__demandes__direction__in=directions) & (~_jointe_a_une_reponse() | sienne)
    for nature in Dossier.natures().values():
        if nature.PIECES_RESERVEES is not None:
            lues &= ~Q(pk__in=Piece.objects.filter(nature.PIECES_RESERVEES).values("pk"))
    return lues


class PieceQuerySet(models.QuerySet["Piece"]):
    def sans_les_reponses(self) -> Self:
        return self.exclude(_jointe_a_une_reponse())

    def visibles_par(self, visiteur: Visiteur) -> Self:
        if isinstance(visiteur, AnonymousUser):
            return self.filter(est_publique=True, dossier__est_publie=True)
        if visiteur.est_agent:
            return self.filter(hors_brouillons(visiteur, "dossier__")).exclude(
                dossier__in=reserves_pour(visiteur)
            )
        visibles = Dossier.objects.visibles_par(visiteur).values("pk")
        directions = [a.direction_id for a in visiteur.appartenances_en_vigueur if a.direction_id]
        return self.filter(
            Q(dossier__in=visibles)
            & (
                Q(est_publique=True)
                | Q(par=visiteur)
                | (Q(dossier__auteur=visiteur) & ~_jointe_a_une_reponse())
                | _lues_par_qui_est_demande(directions)
            )
        ).distinct()


class Piece(Partie):
    """A file joined by somebody.

    Type and size are checked from the content; the file is stored outside the web root.
    """

    dossier = CleEtrangere(Dossier, related_name="pieces")
    titre = models.CharField("titre", max_length=160)
    fichier = models.FileField("fichier", upload_to=chemin_piece)
    nom = models.CharField("nom du fichier", max_length=160)
    type_mime = models.CharField("type", max_length=100)
    taille = models.PositiveIntegerField("taille (octets)")
    sha256 = models.CharField("empreinte SHA-256", max_length=64)
    est_publique = models.BooleanField("publique", default=False)
    par = CleEtrangere(settings.AUTH_USER_MODEL, null=True, related_name="+", verbose_name="jointe par")
    jointe_le = models.DateTimeField("jointe le", default=timezone.now)
    retiree_le = models.DateTimeField("retirée le", null=True, blank=True)

    objects = PieceQuerySet.as_manager()

    suivi = PortePar[Suivi]("dossier.enfant")

    class Meta:
        verbose_name = "pièce jointe"
        verbose_name_plural = "pièces jointes"
        ordering = ["jointe_le", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "sha256"],
                condition=Q(retiree_le__isnull=True),
                name="piece_contenu_unique",
                violation_error_message="Ce fichier est déjà joint à ce dossier.",
            )
        ]

    def __str__(self) -> str:
        return self.titre

    @property
    def est_image(self) -> bool:
        return self.type_mime.startswith("image/")


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
