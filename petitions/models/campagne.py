"""Thresholds reached, milestones that follow them, and tasks of the communication campaign."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from participation.socle import langues
from participation.socle.erreurs import ActeInterdit, ErreurMetier, RoleInsuffisant
from participation.socle.francais import heure, jour_texte, nombre
from participation.socle.models import CleEtrangere, Compte, Direction, Document, Partie, Piece, PortePar
from petitions.models.petition import Petition
from petitions.models.reglement import Seuil


class SeuilAtteint(models.Model):
    """A threshold reached. `perdu_le`: when invalidations brought the count back below it."""

    petition = CleEtrangere(Petition, related_name="seuils_atteints", verbose_name="pétition")
    seuil = CleEtrangere(Seuil, related_name="+")
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


class SeuilEnAttenteQuerySet(models.QuerySet["SeuilEnAttente"]):
    def a_decider(self) -> Self:
        return self.filter(etat=SeuilEnAttente.Etat.EN_ATTENTE, fini_le=None)


class SeuilEnAttente(Partie):
    """A threshold reached too fast or from one place: an agent decides before anybody else is told.

    `fini_le`: when the count went back below the threshold; if it is reached again, it waits again.
    """

    class Etat(models.TextChoices):
        EN_ATTENTE = "en_attente", "attend un agent"
        CONFIRME = "confirme", "confirmé"
        ECARTE = "ecarte", "mis à l’écart"

    petition = CleEtrangere(Petition, related_name="seuils_en_attente", verbose_name="pétition")
    seuil = CleEtrangere(Seuil, related_name="+")
    etat = models.CharField("état", max_length=10, choices=Etat, default=Etat.EN_ATTENTE)
    raisons = models.JSONField("raisons", default=list, help_text="Des phrases, dites aux seuls agents.")
    depuis = models.DateTimeField("depuis", default=timezone.now)
    decide_le = models.DateTimeField("décidé le", null=True, blank=True)
    decide_par = CleEtrangere(
        settings.AUTH_USER_MODEL, null=True, related_name="+", verbose_name="décidé par"
    )
    fini_le = models.DateTimeField("fini le", null=True, blank=True)

    objects = SeuilEnAttenteQuerySet.as_manager()

    suivi = PortePar[Petition]("petition")

    class Meta:
        verbose_name = "seuil en attente"
        verbose_name_plural = "seuils en attente"
        ordering = ["depuis"]
        constraints = [
            models.UniqueConstraint(
                fields=["petition", "seuil"],
                condition=Q(fini_le__isnull=True),
                name="seuil_en_attente_une_fois",
                violation_error_message="Ce seuil attend déjà une décision.",
            )
        ]

    def __str__(self) -> str:
        return f"seuil de {nombre(self.seuil.signatures)} signatures"

    @property
    def designation(self) -> str:
        return f"Le {self}"

    def refus(self, acte: str, par: Compte | None) -> ErreurMetier | None:
        if self.fini_le is not None:
            return ActeInterdit("Ce seuil n’est plus atteint : il n’y a plus rien à décider.")
        if self.etat == self.Etat.CONFIRME or (acte == "ecarter_seuil" and self.etat == self.Etat.ECARTE):
            return ActeInterdit("Ce seuil est déjà décidé.")
        return None


class Jalon(models.Model):
    """A dated milestone after the thresholds: note, meeting, panel, council, restitution."""

    class Nature(models.TextChoices):
        NOTE = "note", "note d’information à la commission"
        RENCONTRE = "rencontre", "rencontre entre pétitionnaires et élus"
        PANEL = "panel", "panel citoyen"
        CONSEIL = "conseil", "débat au conseil"
        RESTITUTION = "restitution", "réunion publique de restitution"

    petition = CleEtrangere(Petition, related_name="jalons", verbose_name="pétition")
    nature = models.CharField("nature", max_length=12, choices=Nature)
    date = models.DateField("date")
    heure_debut = models.TimeField("de", null=True, blank=True)
    heure_fin = models.TimeField("à", null=True, blank=True)
    lieu = models.CharField("lieu", max_length=160, blank=True)
    texte = models.TextField("texte public", blank=True)
    lien_video = models.URLField("retransmission", blank=True)
    pieces = models.ManyToManyField(Piece, blank=True, related_name="+", verbose_name="pièces")
    documents = models.ManyToManyField(Document, blank=True, related_name="+", verbose_name="documents")
    sequence = models.PositiveSmallIntegerField(
        "numéro dans les agendas",
        default=0,
        help_text="Monte à chaque changement de jour, d’heure ou de lieu.",
    )
    change_le = models.DateTimeField("dit ou changé le", default=timezone.now)

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
            ),
            models.CheckConstraint(
                condition=Q(heure_fin__isnull=True) | Q(heure_fin__gt=F("heure_debut")),
                name="jalon_fin_apres_debut",
                violation_error_message="L’heure de fin vient après celle du début.",
            ),
            models.CheckConstraint(
                condition=Q(heure_fin__isnull=True) | Q(heure_debut__isnull=False),
                name="jalon_fin_avec_debut",
                violation_error_message="Donnez aussi l’heure du début.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_nature_display()} le {jour_texte(self.date, 'chiffres')}"

    @property
    def horaires(self) -> str:
        """« de 18 h à 20 h », « à 18 h »; "" when no hour is given."""
        if self.heure_debut is None:
            return ""
        if not langues.en_francais():
            return " – ".join(langues.heure(h) for h in (self.heure_debut, self.heure_fin) if h is not None)
        if self.heure_fin is None:
            return f"à {heure(self.heure_debut)}"
        return f"de {heure(self.heure_debut)} à {heure(self.heure_fin)}"

    @property
    def quand(self) -> str:
        """« mardi 3 novembre 2026, de 18 h à 20 h »."""
        jour = jour_texte(self.date, "long") if langues.en_francais() else langues.jour(self.date)
        return ", ".join(filter(None, [jour, self.horaires]))

    @property
    def ou(self) -> str:
        """« de 18 h à 20 h, salle 4 »: hours and place, shown beside the day."""
        return ", ".join(filter(None, [self.horaires, self.lieu]))


class TacheCampagne(Partie):
    """A task to make a pétition known or to inform about it, shared with the cabinet and the directions."""

    class Equipe(models.TextChoices):
        SERVICE = "service", "service participation"
        CABINET = "cabinet", "cabinet"
        COMMUNICATION = "communication", "direction de la communication"
        DIRECTION = "direction", "direction concernée"

    petition = CleEtrangere(Petition, related_name="taches", verbose_name="pétition")
    intitule = models.CharField("à faire", max_length=160)
    equipe = models.CharField("équipe", max_length=14, choices=Equipe, default=Equipe.SERVICE)
    direction = CleEtrangere(Direction, null=True, related_name="+")
    responsable = CleEtrangere(settings.AUTH_USER_MODEL, null=True, related_name="+")
    date_limite = models.DateField("pour le")
    faite_le = models.DateTimeField("faite le", null=True, blank=True)

    suivi = PortePar[Petition]("petition")

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

    def est_confiee_a(self, compte: Compte) -> bool:
        """Whether this account may mark the task done: the service, the person or the direction in charge."""
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
