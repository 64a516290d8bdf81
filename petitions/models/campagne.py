"""Around the signatures: thresholds reached, milestones after them, the communication campaign."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from participation.socle.erreurs import ActeInterdit, ErreurMetier, RoleInsuffisant
from participation.socle.francais import jour_texte
from participation.socle.models import Compte, Direction, Document, Partie, Piece
from petitions.models.petition import Petition
from petitions.models.reglement import Seuil


class SeuilAtteint(models.Model):
    """A threshold was reached; `perdu_le` if invalidations brought the count back under it."""

    petition = models.ForeignKey(
        Petition, on_delete=models.PROTECT, related_name="seuils_atteints", verbose_name="pétition"
    )
    seuil = models.ForeignKey(Seuil, on_delete=models.PROTECT, related_name="+", verbose_name="seuil")
    atteint_le = models.DateTimeField("atteint le", default=timezone.now)
    perdu_le = models.DateTimeField("perdu le", null=True, blank=True)

    class Meta:
        verbose_name = "seuil atteint"
        verbose_name_plural = "seuils atteints"
        ordering = ["atteint_le"]
        constraints = [
            models.UniqueConstraint(
                fields=["petition", "seuil"],
                condition=Q(perdu_le__isnull=True),
                name="seuil_atteint_une_fois",
                violation_error_message="Ce seuil est déjà atteint.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.seuil} ({jour_texte(self.atteint_le, 'chiffres')})"


class Jalon(models.Model):
    """A dated moment after the thresholds: note, meeting, council, restitution."""

    class Nature(models.TextChoices):
        NOTE = "note", "note d’information à la commission"
        RENCONTRE = "rencontre", "rencontre entre pétitionnaires et élus"
        PANEL = "panel", "panel citoyen"
        CONSEIL = "conseil", "débat au conseil métropolitain"
        RESTITUTION = "restitution", "réunion publique de restitution"

    petition = models.ForeignKey(
        Petition, on_delete=models.PROTECT, related_name="jalons", verbose_name="pétition"
    )
    nature = models.CharField("nature", max_length=12, choices=Nature)
    date = models.DateField("date")
    lieu = models.CharField("lieu", max_length=160, blank=True)
    texte = models.TextField("texte public", blank=True)
    lien_video = models.URLField("retransmission", blank=True)
    pieces = models.ManyToManyField(Piece, blank=True, related_name="+", verbose_name="pièces")
    documents = models.ManyToManyField(Document, blank=True, related_name="+", verbose_name="documents")

    class Meta:
        verbose_name = "jalon"
        verbose_name_plural = "jalons"
        ordering = ["date", "pk"]
        constraints = [
            models.UniqueConstraint(
                "petition",
                "nature",
                name="jalon_un_par_nature",
                violation_error_message="Ce moment est déjà noté : corrigez-le.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_nature_display()} le {jour_texte(self.date, 'chiffres')}"


class TacheCampagne(Partie):
    """Something to do to make a pétition known or to inform on it, shared with the cabinet and the directions."""

    class Equipe(models.TextChoices):
        SERVICE = "service", "service participation"
        CABINET = "cabinet", "cabinet"
        COMMUNICATION = "communication", "direction de la communication"
        DIRECTION = "direction", "direction concernée"

    petition = models.ForeignKey(
        Petition, on_delete=models.PROTECT, related_name="taches", verbose_name="pétition"
    )
    intitule = models.CharField("à faire", max_length=160)
    equipe = models.CharField("équipe", max_length=14, choices=Equipe, default=Equipe.SERVICE)
    direction = models.ForeignKey(
        Direction, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="direction"
    )
    responsable = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="responsable",
    )
    date_limite = models.DateField("pour le")
    faite_le = models.DateTimeField("faite le", null=True, blank=True)

    class Meta:
        verbose_name = "tâche de campagne"
        verbose_name_plural = "tâches de campagne"
        ordering = ["date_limite", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(equipe="direction") | Q(direction__isnull=False),
                name="tache_direction_dite",
                violation_error_message="Dites de quelle direction il s’agit.",
            )
        ]

    def __str__(self) -> str:
        return self.intitule

    @property
    def suivi(self) -> Petition:
        return self.petition

    def est_confiee_a(self, compte: Compte) -> bool:
        """The service, the person named, and the agents of the direction named say that it is done."""
        return (
            compte.est_agent
            or self.responsable_id == compte.pk
            or any(
                appartenance.direction_id == self.direction_id
                for appartenance in compte.appartenances_en_vigueur
                if appartenance.direction_id is not None
            )
        )

    def refus(self, acte: str, par: Compte | None) -> ErreurMetier | None:
        if par is not None and not self.est_confiee_a(par):
            return RoleInsuffisant("Cette tâche est confiée à une autre équipe.")
        if acte == "faire_tache" and self.faite_le is not None:
            return ActeInterdit("Cette tâche est déjà faite.")
        if acte == "rouvrir_tache" and self.faite_le is None:
            return ActeInterdit("Cette tâche est encore à faire.")
        return None
