"""History of a suite, its evidence, and the answers of directions."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.francais import majuscule
from participation.socle.models import CleEtrangere, Compte, Direction, Partie, Piece, PortePar
from participation.socle.workflow import Apparence
from participation.suites.models.suites import Suite
from participation.suites.workflow import APPARENCES, Etat


class ChangementSuite(models.Model):
    """A line of the history of a suite, as public as the suite. A trigger forbids update and delete."""

    class Nature(models.TextChoices):
        NAISSANCE = "naissance", "demande ou promesse"
        PROMESSE = "promesse", "promesse"
        ETAT = "etat", "changement d’état"
        TEXTE = "texte", "correction du texte"
        DATE = "date", "report de la date"
        DIRECTION = "direction", "changement de direction"

    suite = CleEtrangere(Suite, related_name="historique")
    nature = models.CharField("nature", max_length=12, choices=Nature, default=Nature.ETAT)
    etat_avant = models.CharField("état avant", max_length=20, choices=Etat, blank=True)
    etat_apres = models.CharField("état après", max_length=20, choices=Etat)
    texte_public = models.TextField("texte public", blank=True)
    motif = models.TextField("raison", blank=True)
    par = CleEtrangere(settings.AUTH_USER_MODEL, null=True, blank=False, related_name="+")
    au_nom_de = models.CharField("au nom de", max_length=160, blank=True)
    oriente_vers = models.CharField("orientée vers", max_length=160, blank=True)
    precision = models.CharField("précision", max_length=200, blank=True)
    le = models.DateTimeField("le", default=timezone.now)

    class Meta:
        verbose_name = "changement d’une suite"
        verbose_name_plural = "changements des suites"
        ordering = ["-le", "-pk"]
        triggers = [
            pgtrigger.Protect(
                name="changement_suite_ineffacable", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.suite} : {self.get_etat_apres_display()}"

    @property
    def cle_lettre(self) -> str:
        """Key of the letters about this change: an address receives only the first letter written with it."""
        return f"suite:{self.suite_id}:{self.pk}"

    @property
    def phrase(self) -> str:
        """Return what changed, in a few words: « À l’étude », « Date reportée au 3 mars 2027 »."""
        if self.nature == self.Nature.NAISSANCE or not self.etat_avant:
            return self.suite.naissance
        if self.nature == self.Nature.TEXTE:
            return "Texte corrigé"
        if self.nature == self.Nature.ETAT:
            return majuscule(self.get_etat_apres_display())
        return self.precision


class Preuve(models.Model):
    """Evidence that a suite was done: a file of the dossier, an address, or both."""

    suite = CleEtrangere(Suite, related_name="preuves")
    intitule = models.CharField("intitulé", max_length=160)
    piece = CleEtrangere(Piece, null=True, related_name="+", verbose_name="fichier")
    adresse = models.URLField("adresse", blank=True, max_length=400)
    le = models.DateTimeField("le", default=timezone.now)

    class Meta:
        verbose_name = "preuve"
        ordering = ["le", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(piece__isnull=False) | ~Q(adresse=""),
                name="preuve_fichier_ou_adresse",
                violation_error_message="Joignez un fichier ou donnez une adresse.",
            )
        ]

    def __str__(self) -> str:
        return self.intitule


class ReponseDirection(Partie):
    """The answer of a direction, given by its signed link. An agent publishes it, reworded or not, or sets it aside."""

    suite = CleEtrangere(Suite, related_name="reponses")
    etat = models.CharField("état proposé", max_length=20, choices=Etat)
    texte_public = models.TextField("texte public", blank=True)
    motif = models.TextField("raison", blank=True)
    oriente_vers = models.CharField("orientée vers", max_length=160, blank=True)
    date_limite = models.DateField("sera fait avant le", null=True, blank=True)
    piece = CleEtrangere(Piece, null=True, related_name="+", verbose_name="fichier")
    adresse = models.URLField("adresse", blank=True, max_length=400)
    direction = CleEtrangere(Direction, related_name="+")
    nom = models.CharField("répondue par", max_length=160)
    recue_le = models.DateTimeField("reçue le", default=timezone.now)
    retenue_le = models.DateTimeField("retenue le", null=True, blank=True)
    ecartee_le = models.DateTimeField("écartée le", null=True, blank=True)
    raison_ecart = models.TextField("raison", blank=True)

    suivi = PortePar[Suite]("suite")

    class Meta:
        verbose_name = "réponse d’une direction"
        verbose_name_plural = "réponses des directions"
        ordering = ["-recue_le", "-pk"]
        constraints = [
            models.UniqueConstraint(
                "suite",
                condition=Q(retenue_le__isnull=True, ecartee_le__isnull=True),
                name="reponse_une_en_attente",
                violation_error_message="Une réponse est déjà en attente de publication pour cette suite.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.nom} : {self.get_etat_display()}"

    def refus(self, acte: str, par: Compte | None) -> ErreurMetier | None:
        if not self.est_en_attente:
            return ActeInterdit("Cette réponse a déjà été publiée ou écartée.")
        return None

    @property
    def depassee_par(self) -> "ChangementSuite | None":
        """Return what was published after this answer came, which publishing it would replace; None if nothing."""
        dits = [ChangementSuite.Nature.ETAT, ChangementSuite.Nature.TEXTE]
        return self.suite.historique.filter(nature__in=dits, le__gt=self.recue_le).first()

    @property
    def est_en_attente(self) -> bool:
        return self.retenue_le is None and self.ecartee_le is None

    @property
    def apparence(self) -> Apparence:
        return APPARENCES[self.etat]
