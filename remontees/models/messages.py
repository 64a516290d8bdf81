"""Messages between the service and the person about a remontée, the answers awaited, and what she thought of it."""

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.francais import jour_texte, majuscule
from participation.socle.liens import Lien
from participation.socle.models import (
    CleEtrangere,
    CleUnique,
    Compte,
    Courriel,
    Partie,
    PortePar,
    Scelle,
    Suivi,
    Suspension,
)
from remontees.models.remontees import EFFACES, Remontee


class MessageQuerySet(models.QuerySet["Message"]):
    def non_lus(self) -> Self:
        return self.filter(sens=Message.Sens.ENTRANT, lu_le=None)

    def apres_cloture(self) -> Self:
        """Return the unread messages received after the answer was given."""
        return self.non_lus().filter(est_apres_cloture=True)

    def attentes(self) -> Self:
        """Return the questions whose answer is still awaited."""
        return self.filter(date_limite__isnull=False, attente_close_le=None)

    def pour_la_personne(self) -> Self:
        """Return the messages that the person wrote or received, without those of third parties."""
        return self.filter(Q(sens=Message.Sens.SORTANT) | Q(auteur=Message.Auteur.PERSONNE))


class Message(Partie):
    """One message. A question has a due date; the wait ends by an answer, by the date or by an agent."""

    class Sens(models.TextChoices):
        ENTRANT = "entrant", "reçu"
        SORTANT = "sortant", "envoyé"

    class Moyen(models.TextChoices):
        COURRIEL = "courriel", "par courriel"
        SMS = "sms", "par SMS"
        LETTRE = "lettre", "par lettre"
        SITE = "site", "par la page de suivi"
        VIVE_VOIX = "vive_voix", "de vive voix"
        OPEN311 = "open311", "par une autre application"

    class Auteur(models.TextChoices):
        AGENT = "agent", "le service participation"
        PERSONNE = "personne", "la personne"
        SERVICE = "service", "un service"
        # Somebody who has the reference or a forwarded letter: the message is read, and triggers nothing.
        AUTRE = "autre", "une autre adresse"
        # The address is that of the person or of a service, and nothing proves it: an agent says who wrote.
        A_VERIFIER = "a_verifier", "une adresse non vérifiée"

    remontee = CleEtrangere(Remontee, related_name="messages", verbose_name="remontée")
    cle = models.UUIDField("clé", unique=True, default=uuid.uuid4, editable=False)
    sens = models.CharField("sens", max_length=8, choices=Sens)
    moyen = models.CharField("moyen", max_length=10, choices=Moyen)
    auteur = models.CharField("auteur", max_length=10, choices=Auteur)
    de = models.CharField("de", max_length=160, blank=True, help_text="Nom de qui écrit, s’il est dit.")
    par = CleEtrangere(Compte, null=True, related_name="+", verbose_name="écrit ou noté par")
    texte = models.TextField("texte")
    cite = models.TextField("texte cité", blank=True)
    numero = models.CharField("numéro du message", max_length=255, blank=True)
    preuve = models.CharField("adresse vérifiée par", max_length=120, blank=True, default="", db_default="")
    courriel = CleEtrangere(Courriel, null=True, on_delete=models.SET_NULL, related_name="+")
    ecrit_le = models.DateTimeField("écrit le", default=timezone.now)
    est_apres_cloture = models.BooleanField("dit après la réponse", default=False)
    lu_le = models.DateTimeField("lu le", null=True, blank=True)
    lu_par = CleEtrangere(Compte, null=True, related_name="+", verbose_name="lu par")
    date_limite = models.DateField("réponse attendue le", null=True, blank=True)
    attente_close_le = models.DateTimeField("n’est plus attendue depuis", null=True, blank=True)
    reponse = CleEtrangere("self", null=True, related_name="questions", verbose_name="réponse")
    suspension = CleUnique(Suspension, null=True, related_name="question", on_delete=models.SET_NULL)

    objects = MessageQuerySet.as_manager()
    suivi = PortePar[Suivi]("remontee")

    class Meta:
        verbose_name = "message"
        ordering = ["ecrit_le", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(texte=""),
                name="message_dit_quelque_chose",
                violation_error_message="Écrivez le message.",
            ),
            models.CheckConstraint(
                condition=Q(date_limite__isnull=True) | Q(sens="sortant"),
                name="message_question_envoyee",
                violation_error_message="Seul un message envoyé attend une réponse.",
            ),
            # One question at a time, so that an answer has one question.
            models.UniqueConstraint(
                "remontee",
                condition=Q(date_limite__isnull=False, attente_close_le__isnull=True),
                name="message_une_question",
                violation_error_message="Une question est déjà posée à la personne.",
            ),
        ]
        indexes = [
            models.Index(
                "remontee",
                "ecrit_le",
                condition=Q(sens="entrant", lu_le__isnull=True),
                name="message_non_lus",
            ),
            models.Index(
                "date_limite",
                condition=Q(date_limite__isnull=False, attente_close_le__isnull=True),
                name="message_attentes",
            ),
            models.Index("ecrit_le", condition=~Q(texte__in=EFFACES), name="message_non_effaces"),
        ]

    def __str__(self) -> str:
        return f"message {self.get_sens_display()} le {jour_texte(self.ecrit_le, 'chiffres')}"

    @property
    def signature(self) -> str:
        """Name of the author, as shown on pages."""
        if self.sens == self.Sens.SORTANT:
            return str(self.par or "Le service participation")
        if self.auteur == self.Auteur.PERSONNE:
            return "La personne"
        return self.de or majuscule(self.get_auteur_display())

    @property
    def est_attendu(self) -> bool:
        return self.date_limite is not None and self.attente_close_le is None

    @property
    def est_a_lire(self) -> bool:
        return self.sens == self.Sens.ENTRANT and self.lu_le is None

    @property
    def est_a_attribuer(self) -> bool:
        return self.auteur == self.Auteur.A_VERIFIER

    @property
    def cle_echeance(self) -> str:
        return f"precision-{self.pk}"

    def refus(self, acte: str, par: Compte | None) -> ErreurMetier | None:
        if acte == "lire_message" and not self.est_a_lire:
            return ActeInterdit("Ce message est déjà lu.")
        if acte == "attribuer_message" and not self.est_a_attribuer:
            return ActeInterdit("Quelqu’un a déjà dit qui a écrit ce message.")
        if acte == "cesser_attente_message" and not self.est_attendu:
            return ActeInterdit("Cette réponse n’est plus attendue.")
        return None


class Satisfaction(Scelle):
    """Question asked to the person. One row per remontée: it is asked once."""

    class Avis(models.TextChoices):
        OUI = "oui", "oui"
        EN_PARTIE = "en_partie", "en partie"
        NON = "non", "non"

    LIEN: ClassVar[Lien] = Lien("remontees.satisfaction", lettre="q", page="remontees:satisfaction")

    remontee = CleUnique(
        Remontee, on_delete=models.CASCADE, related_name="satisfaction", verbose_name="remontée"
    )
    demandee_le = models.DateTimeField("demandée le", default=timezone.now)
    avis = models.CharField("la réponse convient", max_length=10, choices=Avis, blank=True)
    mot = models.TextField("un mot", blank=True)
    repondue_le = models.DateTimeField("répondue le", null=True, blank=True)

    class Meta:
        verbose_name = "satisfaction"
        indexes = [
            models.Index("avis", condition=~Q(avis=""), name="satisfaction_avis"),
            models.Index("remontee", condition=~Q(mot=""), name="satisfaction_mots"),
        ]

    def __str__(self) -> str:
        return f"satisfaction : {self.get_avis_display() or 'sans réponse'}"
