"""Points of the agenda, with the dossiers and documents of each."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from participation.seances.models.hasard import chemin_piece_seance
from participation.seances.models.seances import Seance
from participation.seances.workflow import ORDRE_DU_JOUR, POINTS_CLOS, EtatPoint, EtatPV, EtatVote
from participation.socle.erreurs import ActeInterdit, ErreurMetier, Manque
from participation.socle.models import CleEtrangere, Compte, Direction, Dossier, Partie, PortePar


class Point(Partie):
    class Nature(models.TextChoices):
        INFORMATION = "information", "information"
        PRISE_ACTE = "prise_acte", "prise d’acte"
        AVIS = "avis", "avis"
        DECISION = "decision", "décision sur des dossiers"
        APPROBATION = "approbation", "approbation d’un procès-verbal"
        DIVERS = "divers", "questions diverses"

    # What a séance votes or decides. Left without either, such a point is still to treat.
    SE_DECIDENT: ClassVar[frozenset[str]] = frozenset({"avis", "decision", "approbation"})

    seance = CleEtrangere(Seance, related_name="points", verbose_name="séance")
    ordre = models.PositiveSmallIntegerField("ordre")
    nature = models.CharField("nature", max_length=12, choices=Nature, default=Nature.INFORMATION)
    titre = models.CharField("titre", max_length=200)
    note = models.TextField("note de présentation", blank=True)
    rapporteur = models.CharField("présenté par", max_length=160, blank=True)
    direction = CleEtrangere(Direction, null=True, related_name="+")
    duree = models.PositiveSmallIntegerField("durée prévue (minutes)", default=10)
    est_confidentiel = models.BooleanField("à huis clos", default=False)
    dossiers: "models.ManyToManyField[Dossier, PointDossier]" = models.ManyToManyField(
        Dossier, through="PointDossier", related_name="points", verbose_name="dossiers"
    )
    pv_de = CleEtrangere(
        Seance, null=True, related_name="approbations", verbose_name="procès-verbal à approuver"
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

    suivi = PortePar[Seance]("seance")

    class Meta:
        verbose_name = "point de l’ordre du jour"
        verbose_name_plural = "points de l’ordre du jour"
        ordering = ["seance", "ordre", "pk"]
        constraints = [
            # Deferred: two points swap their places in one transaction.
            models.UniqueConstraint(
                fields=["seance", "ordre"],
                name="point_ordre_unique",
                violation_error_message="Un autre point vient de prendre cette place : recommencez.",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                condition=~Q(nature="approbation") | Q(pv_de__isnull=False),
                name="point_dit_quel_pv",
                violation_error_message="Dites quel procès-verbal est à approuver.",
            ),
        ]

    def __str__(self) -> str:
        return self.titre

    def get_absolute_url(self) -> str:
        return reverse("seances:point", args=[self.pk])

    def refus(self, acte: str, par: Compte | None) -> ErreurMetier | None:
        if acte in ORDRE_DU_JOUR and self.est_clos:
            return ActeInterdit(f"Ce point est « {self.get_etat_display()} » : il ne change plus.")
        ecarte = self.etat in {EtatPoint.REPORTE, EtatPoint.RETIRE}
        if acte == "passer_au_point" and ecarte:
            return ActeInterdit(f"Le point « {self} » est {self.get_etat_display()} : il ne se traite plus.")
        if acte in {"reporter_point", "abandonner_point"} and ecarte:
            return ActeInterdit(f"Le point « {self} » est déjà {self.get_etat_display()}.")
        if acte == "traiter_point" and self.etat != EtatPoint.EN_COURS:
            return ActeInterdit(f"Le point « {self} » est {self.get_etat_display()}.")
        return None

    def avant_du_vote(self, acte: str, par: Compte | None) -> list[str]:
        if self.etat == EtatPoint.EN_COURS:
            return []
        return [
            Manque(
                "Un vote s’ouvre sur le point en cours : passez d’abord à ce point.",
                acte="passer_au_point",
                objet=self,
            )
        ]

    def manques(self, acte: str, par: Compte | None) -> list[str]:
        if acte == "traiter_point" and self.est_sans_issue:
            return [
                Manque(
                    "Ce point attend un vote ou une décision : mettez-le au vote, ou reportez-le et il reviendra.",
                    reverse("seances:animer", args=[self.seance_id]),
                )
            ]
        if acte not in {"reporter_point", "abandonner_point"}:
            return []
        if self.liens_dossiers.exclude(decision="").exists():
            return ["Une décision est déjà prise sur ce point : il ne peut plus être reporté ni retiré."]
        votes = set(self.votes.values_list("etat", flat=True))
        if EtatVote.CLOS in votes:
            return ["Un vote a eu lieu sur ce point : il ne peut plus être reporté ni retiré."]
        if EtatVote.OUVERT in votes:
            return [
                Manque(
                    "Un vote est ouvert sur ce point : fermez-le ou annulez-le d’abord.",
                    reverse("seances:animer", args=[self.seance_id]),
                )
            ]
        return []

    @property
    def nature_a_dire(self) -> str:
        """The nature of the point; "" when the title already says it."""
        nature: str = self.get_nature_display()
        return nature if nature != self.titre.lower() else ""

    @property
    def est_sans_issue(self) -> bool:
        """Whether the point awaits a vote or a decision, and has had neither."""
        if self.nature not in self.SE_DECIDENT:
            return False
        if self.votes.filter(etat=EtatVote.CLOS).exists():
            return False
        if self.liens_dossiers.exclude(decision="").exists():
            return False
        pv = self.pv_de.pv if self.pv_de is not None else None
        est_approuve = pv is not None and pv.etat == EtatPV.APPROUVE  # without a ballot
        return not est_approuve and self.seance.vote and not self.seance.se_tient_entre_invites

    @property
    def est_clos(self) -> bool:
        return self.etat in POINTS_CLOS


class PointDossier(Partie):
    """A dossier put on a point, and the decision of the séance on it."""

    point = CleEtrangere(Point, on_delete=models.CASCADE, related_name="liens_dossiers")
    dossier = CleEtrangere(Dossier, related_name="liens_points")
    ordre = models.PositiveSmallIntegerField("ordre", default=1)
    decision = models.CharField("décision", max_length=40, blank=True)
    libelle_decision = models.CharField("décision, en mots", max_length=160, blank=True)
    motif = models.TextField("raisons", blank=True)
    ecart = models.TextField("pourquoi la décision s’écarte du vote", blank=True, default="", db_default="")
    vote = CleEtrangere("Vote", null=True, related_name="decisions")
    decidee_le = models.DateTimeField("décidée le", null=True, blank=True)
    decidee_par = CleEtrangere(settings.AUTH_USER_MODEL, null=True, related_name="+", verbose_name="par")

    suivi = PortePar[Seance]("point.seance")

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

    def refus(self, acte: str, par: Compte | None) -> ErreurMetier | None:
        if acte == "decider" and self.decision:
            return ActeInterdit(
                f"La décision est déjà prise sur ce dossier : {self.libelle_decision.lower()}."
            )
        if acte == "retirer_dossier" and self.decision:
            return ActeInterdit("La séance a décidé sur ce dossier : il reste à l’ordre du jour.")
        return self.point.refus(acte, par)


class PieceSeance(Partie):
    """A document of the séance or of one of its points.

    `est_tardive`: it was added after the last day to convene, and is shown as late.
    """

    seance = CleEtrangere(Seance, related_name="pieces", verbose_name="séance")
    point = CleEtrangere(Point, on_delete=models.CASCADE, null=True, related_name="pieces")
    titre = models.CharField("titre", max_length=160)
    fichier = models.FileField("fichier", upload_to=chemin_piece_seance)
    nom = models.CharField("nom du fichier", max_length=160)
    type_mime = models.CharField("type", max_length=100)
    taille = models.PositiveIntegerField("taille (octets)")
    sha256 = models.CharField("empreinte SHA-256", max_length=64)
    est_publique = models.BooleanField("publique", default=False)
    est_tardive = models.BooleanField("envoyée hors délai", default=False)
    par = CleEtrangere(
        settings.AUTH_USER_MODEL, null=True, blank=False, related_name="+", verbose_name="déposée par"
    )
    deposee_le = models.DateTimeField("déposée le", default=timezone.now)
    retiree_le = models.DateTimeField("retirée le", null=True, blank=True)

    suivi = PortePar[Seance]("seance")

    class Meta:
        verbose_name = "pièce de séance"
        verbose_name_plural = "pièces de séance"
        ordering = ["point__ordre", "deposee_le", "pk"]

    def __str__(self) -> str:
        return self.titre

    def refus(self, acte: str, par: Compte | None) -> ErreurMetier | None:
        if acte == "retirer_piece" and self.retiree_le is not None:
            return ActeInterdit("Cette pièce est déjà retirée.")
        return None
