"""Letters of decision, from the PDF to the notification; recours of the porteurs."""

import uuid
from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from contrat_ville.models.projets import Projet
from participation.socle.calendrier import ajouter_mois
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.models import CleEtrangere, Compte, Document, Partie, PortePar


def chemin_lettre(lettre: "LettreDecision", nom: str) -> str:
    # The file name given by the sender is never used on the disk.
    return f"lettres/{uuid.uuid4()}.pdf"


class LettreQuerySet(models.QuerySet["LettreDecision"]):
    def visibles_par(self, compte: Compte) -> Self:
        """Agents see all letters of the projets they see; the team of the projet, once it is notified."""
        projets = Projet.objects
        if compte.est_agent:
            return self.filter(projet__in=projets.visibles_par(compte).values("pk"))
        return self.filter(projet__in=projets.de_l_equipe(compte).values("pk"), notifiee_le__isnull=False)


class LettreDecision(models.Model):
    """A letter of decision.

    One current letter per projet: after a reopening, the former one is kept as it was sent.
    """

    projet = CleEtrangere(Projet, related_name="lettres")
    document = CleEtrangere(Document, related_name="+")
    preparee_le = models.DateTimeField("préparée le", default=timezone.now)
    # Signed copy. Only agents read it before the notification.
    signee = models.FileField("lettre signée", upload_to=chemin_lettre, blank=True)
    sha256 = models.CharField("empreinte SHA-256", max_length=64, blank=True)
    signee_le = models.DateTimeField("signée le", null=True, blank=True)
    jointe_par = CleEtrangere(settings.AUTH_USER_MODEL, null=True, related_name="+")
    notifiee_le = models.DateTimeField("notifiée le", null=True, blank=True)
    # For a letter sent by post: the day it was posted.
    date_postee = models.DateField("postée le", null=True, blank=True)
    annulee_le = models.DateTimeField("annulée le", null=True, blank=True)

    objects = LettreQuerySet.as_manager()

    class Meta:
        verbose_name = "lettre de décision"
        verbose_name_plural = "lettres de décision"
        ordering = ["-preparee_le", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["projet"],
                condition=Q(annulee_le__isnull=True),
                name="lettre_courante_unique",
                violation_error_message="Une lettre est déjà préparée pour ce projet.",
            )
        ]

    def __str__(self) -> str:
        return f"Lettre, {self.projet.nom_court}"


class Recours(Partie):
    """A porteur asks for a decision to be reviewed: it is confirmed or taken back.

    One open recours at a time.
    """

    class Issue(models.TextChoices):
        CONFIRMEE = "confirmee", "décision confirmée"
        REPRISE = "reprise", "décision reprise"

    projet = CleEtrangere(Projet, related_name="recours")
    recu_le = models.DateField("reçu le")
    texte = models.TextField("ce qu’il demande", max_length=8000)
    issue = models.CharField("réponse", max_length=10, choices=Issue, blank=True)
    reponse = models.TextField("raison de la réponse", max_length=4000, blank=True)
    repondu_le = models.DateTimeField("répondu le", null=True, blank=True)

    suivi = PortePar[Projet]("projet")

    class Meta:
        verbose_name = "recours gracieux"
        verbose_name_plural = "recours gracieux"
        ordering = ["-recu_le", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(issue="") | ~Q(reponse=""),
                name="recours_reponse_motivee",
                violation_error_message="Dites pourquoi.",
            )
        ]

    def __str__(self) -> str:
        return f"Recours, {self.projet.nom_court}"

    @property
    def date_limite(self) -> date:
        return ajouter_mois(self.recu_le, self.projet.programmation.delai_recours_mois)

    def refus(self, acte: str, par: Compte | None) -> ErreurMetier | None:
        return None if self.repondu_le is None else ActeInterdit("Ce recours a déjà sa réponse.")
