"""When they meet, and about what: séances, points of the agenda, the dossiers and papers of each point."""

import secrets
import uuid
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from participation.seances.models.instances import Instance, Mandature, Membre, ReglementInstance
from participation.seances.regles.delais import Unite, date_limite_convocation
from participation.seances.workflow import (
    APPARENCES,
    APPARENCES_RENCONTRES,
    EN_COURS,
    EN_SEANCE,
    MOTS_RENCONTRES,
    TRANSITIONS,
    Etat,
    EtatPoint,
)
from participation.socle.liens import Lien
from participation.socle.models import Direction, Dossier, LigneDeJournal, Suivi, ineffacable
from participation.socle.models.dossiers import Visiteur
from participation.socle.workflow import Apparence, Table

if TYPE_CHECKING:
    from participation.seances.models.proces_verbaux import ProcesVerbal

ALPHABET = "ACDEFGHJKLMNPQRTUVWXY34679"  # no letter that is read as another on a projected screen


def tirer_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(6))


class SeanceQuerySet(models.QuerySet["Seance"]):
    def visibles_par(self, visiteur: Visiteur) -> Self:
        """Agents see all; members what their instances hold; others what is public and convened."""
        publiques = Q(est_publique=True, instance__est_publique=True) & ~Q(etat=Etat.PROGRAMMEE)
        if isinstance(visiteur, AnonymousUser):
            return self.filter(publiques)
        if visiteur.est_agent:
            return self
        siens = Membre.objects.filter(compte=visiteur).en_fonction().values("college__mandature__instance")
        return self.filter(
            Q(instance__in=siens)
            | Q(pk__in=Convie.objects.filter(membre__compte=visiteur).values("seance"))
            | publiques
        )

    def a_venir(self) -> Self:
        return self.filter(etat__in=[Etat.PROGRAMMEE, Etat.CONVOQUEE, *EN_COURS])

    def avec_instance(self) -> Self:
        return self.select_related("instance", "mandature", "reglement")


class Seance(Suivi):
    class Nature(models.TextChoices):
        PLENIERE = "pleniere", "séance plénière"
        GROUPE = "groupe", "groupe de travail"
        BUREAU = "bureau", "bureau"
        VISITE = "visite", "visite"
        FORMATION = "formation", "formation"

    class Tenue(models.TextChoices):
        SALLE = "salle", "en salle"
        DISTANCE = "distance", "à distance"
        HYBRIDE = "hybride", "en salle et à distance"

    # Held under the quorum and the votes of the règlement; the others are registered for.
    DELIBERANTES: ClassVar[frozenset[str]] = frozenset({"pleniere", "bureau", "groupe"})
    SUJET = "la séance"
    TRANSITIONS: ClassVar[Table] = {**TRANSITIONS, **EN_SEANCE}
    APPARENCES: ClassVar[dict[str, Apparence]] = APPARENCES

    instance = models.ForeignKey(
        Instance, on_delete=models.PROTECT, related_name="seances", verbose_name="instance"
    )
    mandature = models.ForeignKey(
        Mandature, on_delete=models.PROTECT, related_name="seances", verbose_name="mandature"
    )
    reglement = models.ForeignKey(
        ReglementInstance,
        on_delete=models.PROTECT,
        related_name="seances",
        verbose_name="règlement",
        help_text="La version en vigueur quand la séance a été programmée : elle ne change plus.",
    )
    nature = models.CharField("nature", max_length=10, choices=Nature, default=Nature.PLENIERE)
    titre = models.CharField("titre", max_length=160)
    debut = models.DateTimeField("début")
    fin = models.DateTimeField("fin prévue")
    tenue = models.CharField("tenue", max_length=10, choices=Tenue, default=Tenue.SALLE)
    lieu = models.CharField("lieu", max_length=200, blank=True, help_text="Salle et adresse.")
    acces = models.TextField("accès", blank=True, help_text="Transports, entrée accessible, étage.")
    lien_visio = models.URLField("lien de la visioconférence", blank=True, max_length=400)
    est_publique = models.BooleanField("ouverte au public", default=False)
    capacite = models.PositiveSmallIntegerField(
        "places", null=True, blank=True, help_text="Pour une visite ou une formation."
    )
    etat = models.CharField("état", max_length=12, choices=Etat, default=Etat.PROGRAMMEE)
    motif = models.TextField("raison", blank=True, help_text="D’une annulation, d’un report.")
    identifiant = models.UUIDField("identifiant d’agenda", default=uuid.uuid4, unique=True, editable=False)
    sequence = models.PositiveIntegerField("numéro de suite de l’agenda", default=0, editable=False)
    rang_convocation = models.PositiveSmallIntegerField("rang de la convocation", default=1, editable=False)
    premiere = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="seconde",
        verbose_name="séance reportée faute de quorum",
    )
    code = models.CharField("code de présence", max_length=6, default=tirer_code, editable=False)
    ouverte_le = models.DateTimeField("ouverte le", null=True, blank=True, editable=False)
    levee_le = models.DateTimeField("levée le", null=True, blank=True, editable=False)
    presidee_par = models.ForeignKey(
        Membre, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="présidée par"
    )
    secretaire = models.CharField("secrétaire de séance", max_length=160, blank=True)
    point_courant = models.ForeignKey(
        "Point",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="point en cours",
    )
    # Moves with each change that a screen shows: a poll that brings the same number is answered 204.
    version = models.PositiveBigIntegerField("version des écrans", default=0, editable=False)
    cree_le = models.DateTimeField("créée le", default=timezone.now, editable=False)

    objects = SeanceQuerySet.as_manager()

    class Meta:
        verbose_name = "séance"
        ordering = ["debut", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(fin__gt=F("debut")),
                name="seance_finit_apres_le_debut",
                violation_error_message="La fin de la séance précède son début.",
            ),
            models.CheckConstraint(
                condition=Q(tenue="distance") | ~Q(lieu=""),
                name="seance_a_un_lieu",
                violation_error_message="Dites où la séance se tient.",
            ),
        ]
        indexes = [models.Index(fields=["instance", "debut"], name="seance_instance_debut")]

    def __str__(self) -> str:
        return self.titre

    def get_absolute_url(self) -> str:
        return reverse("seances:seance", args=[self.pk])

    @property
    def apparence(self) -> Apparence:
        return (self.APPARENCES if self.est_deliberante else APPARENCES_RENCONTRES)[self.etat]

    def get_etat_display(self) -> str:  # type: ignore[no-redef]  # Django writes its own only if the class has none
        """A visit is announced and ends; it is neither convened under a règlement nor closed by a chair."""
        dit = "" if self.est_deliberante else MOTS_RENCONTRES.get(self.etat, "")
        return dit or str(Etat(self.etat).label)

    @property
    def est_deliberante(self) -> bool:
        return self.nature in self.DELIBERANTES

    @property
    def est_en_cours(self) -> bool:
        return self.etat in EN_COURS

    @property
    def jour(self) -> datetime:
        """The beginning, in local time."""
        return timezone.localtime(self.debut)

    @property
    def date_limite(self) -> date:
        """The last day to convene under its règlement; for a second convocation, its own shorter delay."""
        if self.rang_convocation > 1:
            return date_limite_convocation(self.jour.date(), self.reglement.delai_seconde, Unite.CALENDAIRES)
        return date_limite_convocation(
            self.jour.date(), self.reglement.delai_convocation, self.reglement.unite_delai
        )

    @property
    def date_limite_urgence(self) -> date | None:
        """The last day when it is urgent; None when the règlement knows no urgency."""
        if self.reglement.delai_urgence is None or self.rang_convocation > 1:
            return None
        return date_limite_convocation(
            self.jour.date(), self.reglement.delai_urgence, self.reglement.unite_delai
        )

    @property
    def pv(self) -> "ProcesVerbal | None":
        """Its procès-verbal once begun."""
        return getattr(self, "proces_verbal", None)

    @property
    def domaine(self) -> str:
        return self.instance.app

    @property
    def fil(self) -> list[tuple[str, str]]:
        return [("Séances", reverse("seances:seances")), (self.titre, self.get_absolute_url())]

    def marque(self) -> dict[str, Any]:
        # The version that the screens ask for.
        return {"version": F("version") + 1}


class EntreeSeance(LigneDeJournal):
    """One line of a séance's journal: the database refuses that it be changed or removed."""

    seance = models.ForeignKey(
        Seance, on_delete=models.PROTECT, related_name="journal", verbose_name="séance"
    )

    class Meta(LigneDeJournal.Meta):
        verbose_name = "entrée du journal de séance"
        verbose_name_plural = "journal des séances"
        triggers = [ineffacable("seance")]


class Point(models.Model):
    class Nature(models.TextChoices):
        INFORMATION = "information", "information"
        PRISE_ACTE = "prise_acte", "prise d’acte"
        AVIS = "avis", "avis"
        DECISION = "decision", "décision sur des dossiers"
        APPROBATION = "approbation", "approbation d’un procès-verbal"
        DIVERS = "divers", "questions diverses"

    seance = models.ForeignKey(Seance, on_delete=models.PROTECT, related_name="points", verbose_name="séance")
    ordre = models.PositiveSmallIntegerField("ordre")
    nature = models.CharField("nature", max_length=12, choices=Nature, default=Nature.INFORMATION)
    titre = models.CharField("titre", max_length=200)
    note = models.TextField("note de présentation", blank=True)
    rapporteur = models.CharField("présenté par", max_length=160, blank=True)
    direction = models.ForeignKey(
        Direction, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="direction"
    )
    duree = models.PositiveSmallIntegerField("durée prévue (minutes)", default=10)
    est_confidentiel = models.BooleanField("à huis clos", default=False)
    dossiers: "models.ManyToManyField[Dossier, PointDossier]" = models.ManyToManyField(
        Dossier, through="PointDossier", related_name="points", verbose_name="dossiers"
    )
    pv_de = models.ForeignKey(
        Seance,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="approbations",
        verbose_name="procès-verbal à approuver",
    )
    est_tardif = models.BooleanField(
        "ajouté après la convocation", default=False, help_text="Le règlement veut qu’on le dise."
    )
    etat = models.CharField("état", max_length=10, choices=EtatPoint, default=EtatPoint.A_TRAITER)
    motif = models.CharField("raison du report ou du retrait", max_length=200, blank=True)
    commence_le = models.DateTimeField("commencé le", null=True, blank=True)
    repris_le = models.DateTimeField(
        "compté depuis le",
        null=True,
        blank=True,
        editable=False,
        help_text="Vide quand le minuteur est arrêté.",
    )
    secondes = models.PositiveIntegerField("temps passé (secondes)", default=0)
    releve = models.TextField(
        "relevé des échanges", blank=True, help_text="Noté en séance, repris au procès-verbal."
    )

    class Meta:
        verbose_name = "point de l’ordre du jour"
        verbose_name_plural = "points de l’ordre du jour"
        ordering = ["seance", "ordre", "pk"]
        constraints = [
            # Deferred: two points change places in one transaction.
            models.UniqueConstraint(
                fields=["seance", "ordre"], name="point_ordre_unique", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(
                condition=~Q(nature="approbation") | Q(pv_de__isnull=False),
                name="point_dit_quel_pv",
                violation_error_message="Dites quel procès-verbal est à approuver.",
            ),
        ]

    def __str__(self) -> str:
        return self.titre

    @property
    def est_clos(self) -> bool:
        return self.etat in {EtatPoint.TRAITE, EtatPoint.REPORTE, EtatPoint.RETIRE}


class PointDossier(models.Model):
    """A dossier borne by a point, and what the séance decided on it."""

    point = models.ForeignKey(
        Point, on_delete=models.CASCADE, related_name="liens_dossiers", verbose_name="point"
    )
    dossier = models.ForeignKey(
        Dossier, on_delete=models.PROTECT, related_name="liens_points", verbose_name="dossier"
    )
    ordre = models.PositiveSmallIntegerField("ordre", default=1)
    decision = models.CharField("décision", max_length=40, blank=True)
    libelle_decision = models.CharField("décision, en mots", max_length=160, blank=True)
    motif = models.TextField("raisons", blank=True)
    vote = models.ForeignKey(
        "Vote", on_delete=models.PROTECT, null=True, blank=True, related_name="decisions", verbose_name="vote"
    )
    decidee_le = models.DateTimeField("décidée le", null=True, blank=True)
    decidee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="par",
    )

    class Meta:
        verbose_name = "dossier d’un point"
        verbose_name_plural = "dossiers des points"
        ordering = ["point", "ordre", "pk"]
        constraints = [
            models.UniqueConstraint(
                "point",
                "dossier",
                name="point_dossier_unique",
                violation_error_message="Ce dossier est déjà à ce point.",
            )
        ]

    def __str__(self) -> str:
        return str(self.dossier)


def chemin_piece_seance(piece: "PieceSeance", nom: str) -> str:
    return f"seances/{uuid.uuid4()}"


class PieceSeance(models.Model):
    """A paper of the séance, or of one of its points. Sent after the delay of the convocation, it is shown as late."""

    seance = models.ForeignKey(Seance, on_delete=models.PROTECT, related_name="pieces", verbose_name="séance")
    point = models.ForeignKey(
        Point, on_delete=models.CASCADE, null=True, blank=True, related_name="pieces", verbose_name="point"
    )
    titre = models.CharField("titre", max_length=160)
    fichier = models.FileField("fichier", upload_to=chemin_piece_seance)
    nom = models.CharField("nom du fichier", max_length=160)
    type_mime = models.CharField("type", max_length=100)
    taille = models.PositiveIntegerField("taille (octets)")
    sha256 = models.CharField("empreinte SHA-256", max_length=64)
    est_publique = models.BooleanField("publique", default=False)
    est_tardive = models.BooleanField("envoyée hors délai", default=False)
    par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="déposée par",
    )
    deposee_le = models.DateTimeField("déposée le", default=timezone.now)
    retiree_le = models.DateTimeField("retirée le", null=True, blank=True)

    class Meta:
        verbose_name = "pièce de séance"
        verbose_name_plural = "pièces de séance"
        ordering = ["point__ordre", "deposee_le", "pk"]

    def __str__(self) -> str:
        return self.titre


class Convie(models.Model):
    """A member convened to a séance, and what she answered. The list is frozen by the convocation, then only grows."""

    LIEN: ClassVar[Lien] = Lien("seances.repondre")

    class Reponse(models.TextChoices):
        SALLE = "salle", "en salle"
        DISTANCE = "distance", "à distance"
        EXCUSE = "excuse", "excusé"
        POUVOIR = "pouvoir", "excusé, avec pouvoir"

    seance = models.ForeignKey(
        Seance, on_delete=models.PROTECT, related_name="convies", verbose_name="séance"
    )
    membre = models.ForeignKey(
        Membre, on_delete=models.PROTECT, related_name="convocations", verbose_name="membre"
    )
    remplace = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="remplacants",
        verbose_name="remplace",
    )
    convoque_le = models.DateTimeField("convoqué le", null=True, blank=True)
    reponse = models.CharField("réponse", max_length=10, choices=Reponse, blank=True)
    repondu_le = models.DateTimeField("répondu le", null=True, blank=True)
    pouvoir_a = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="pouvoirs_recus",
        verbose_name="donne pouvoir à",
    )
    besoins = models.JSONField("besoins", default=list, blank=True)
    precisions = models.TextField("précisions", blank=True, max_length=600)
    retire_le = models.DateTimeField(
        "retiré le", null=True, blank=True, help_text="Le mandat a pris fin avant ou pendant la séance."
    )

    class Meta:
        verbose_name = "personne convoquée"
        verbose_name_plural = "personnes convoquées"
        ordering = ["membre__college__ordre", "membre__compte__nom", "membre__compte__prenom", "pk"]
        constraints = [
            models.UniqueConstraint(
                "seance",
                "membre",
                name="convie_unique",
                violation_error_message="Cette personne est déjà convoquée.",
            ),
            models.CheckConstraint(
                condition=Q(reponse="pouvoir", pouvoir_a__isnull=False)
                | (~Q(reponse="pouvoir") & Q(pouvoir_a__isnull=True)),
                name="convie_pouvoir_nomme",
                violation_error_message="Dites à qui le pouvoir est donné.",
            ),
            models.CheckConstraint(
                condition=Q(pouvoir_a__isnull=True) | ~Q(pouvoir_a=F("id")),
                name="convie_pouvoir_a_un_autre",
                violation_error_message="Un pouvoir se donne à une autre personne.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.membre)

    @property
    def est_absent(self) -> bool:
        """Said that she will not come."""
        return self.reponse in {self.Reponse.EXCUSE, self.Reponse.POUVOIR}

    def jeton(self) -> str:
        """What the signed link of the answer page holds."""
        return self.LIEN.jeton(self.pk)
