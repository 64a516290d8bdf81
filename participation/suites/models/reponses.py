"""History of a suite, its evidence, and the answers of directions."""

from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from participation.socle.collectivite import ici
from participation.socle.erreurs import ActeInterdit, ErreurMetier, Manque
from participation.socle.francais import jour_texte, majuscule
from participation.socle.models import CleEtrangere, Compte, Direction, Partie, Piece, PortePar
from participation.socle.workflow import Apparence
from participation.suites.models.suites import Suite
from participation.suites.workflow import APPARENCES, Degre, Etat


class ChangementSuite(models.Model):
    """A line of the history of a suite, as public as the suite. A trigger forbids update and delete."""

    class Nature(models.TextChoices):
        NAISSANCE = "naissance", "demande ou promesse"
        PROMESSE = "promesse", "promesse"
        ETAT = "etat", "changement d’état"
        TEXTE = "texte", "correction du texte"
        DATE = "date", "report de la date"
        DIRECTION = "direction", "changement de direction"
        DEGRE = "degre", "mise en œuvre"
        RECTIFIEE = "rectifiee", "rectification"
        ARRET = "arret", "délai arrêté"
        REPRISE = "reprise", "délai repris"
        VERDICT = "verdict", "verdict de qui l’a demandé"

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
    degre_avant = models.CharField("degré avant", max_length=20, choices=Degre, blank=True, db_default="")
    degre_apres = models.CharField("degré après", max_length=20, choices=Degre, blank=True, db_default="")
    preuve = CleEtrangere("suites.Preuve", null=True, related_name="+", verbose_name="source")
    constate_le = models.DateField("constaté le", null=True, blank=True)
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

    @classmethod
    def retenir(cls, suite: Suite, nature: str, *, par: Compte | None, **valeurs: Any) -> "ChangementSuite":
        """Add a line to the history, with the texts as they are after the change."""
        return cls.objects.create(
            suite=suite,
            nature=nature,
            par=par,
            **{
                "etat_avant": suite.etat if nature != cls.Nature.NAISSANCE else "",
                "etat_apres": suite.etat,
                "texte_public": suite.texte_public,
                "motif": suite.motif,
                "oriente_vers": suite.oriente_vers,
                **valeurs,
            },
        )

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
        if self.nature == self.Nature.RECTIFIEE:
            return f"Rectifié : {self.get_etat_apres_display()}"
        if self.nature == self.Nature.ETAT:
            return majuscule(self.get_etat_apres_display())
        if self.nature == self.Nature.DEGRE:
            return majuscule(self.get_degre_apres_display())
        return self.precision

    @property
    def nouvelle(self) -> str:
        """Return what changed, for the subject of a letter: « Suite réalisée »."""
        match self.nature:
            case self.Nature.ETAT:
                return f"Suite {self.get_etat_apres_display()}"
            case self.Nature.PROMESSE:
                return ici("Promis par la {metropole}")
        return self.phrase

    @property
    def degre_dit(self) -> str:
        """Return the degree that came with a change of état; "" when it did not move, is what changed, or says no more."""
        if self.nature == self.Nature.DEGRE or self.degre_apres in {"", Degre.REFUS, Degre.SANS_OBJET}:
            return ""
        return self.get_degre_apres_display()

    @property
    def dit_ses_textes(self) -> bool:
        """Whether the public text is part of what changed."""
        return self.nature in {
            self.Nature.NAISSANCE,
            self.Nature.ETAT,
            self.Nature.TEXTE,
            self.Nature.RECTIFIEE,
        }


class Preuve(models.Model):
    """What shows where a suite stands: a file of the dossier, an address, a délibération."""

    suite = CleEtrangere(Suite, related_name="preuves")
    intitule = models.CharField("intitulé", max_length=160)
    piece = CleEtrangere(Piece, null=True, related_name="+", verbose_name="fichier")
    adresse = models.URLField("adresse", blank=True, max_length=400)
    deliberation = models.CharField("délibération", max_length=120, blank=True, db_default="")
    le = models.DateTimeField("le", default=timezone.now)

    class Meta:
        verbose_name = "preuve"
        ordering = ["le", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(piece__isnull=False) | ~Q(adresse="") | ~Q(deliberation=""),
                name="preuve_fichier_ou_adresse",
                violation_error_message="Joignez un fichier, donnez une adresse ou le numéro d’une délibération.",
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
    # What the direction shows to be done, "" when it says nothing of it: its source is `piece` or `adresse`.
    degre = models.CharField("mise en œuvre", max_length=20, choices=Degre, blank=True, db_default="")
    constate_le = models.DateField("constaté le", null=True, blank=True)
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

    def pas_remplacee(self, acte: str, par: Compte | None) -> list[str]:
        if (depuis := self.etat_depuis) is None:
            return []
        phrase = (
            f"Une réponse plus récente est publiée depuis le {jour_texte(depuis.le)} : « {depuis.get_etat_apres_display()} ». "
            "Celle-ci ne peut pas la remplacer : écartez-la en disant pourquoi."
        )
        return [Manque(phrase, reverse("suites:ecarter", args=[self.pk]))]

    @property
    def etat_depuis(self) -> "ChangementSuite | None":
        """Return the état published after this answer came, which it can no longer replace; None if none."""
        return self.suite.historique.filter(nature=ChangementSuite.Nature.ETAT, le__gt=self.recue_le).first()

    @property
    def depassee_par(self) -> "ChangementSuite | None":
        """Return what was published after this answer came, état or correction of the text; None if nothing."""
        dits = [ChangementSuite.Nature.ETAT, ChangementSuite.Nature.TEXTE]
        return self.suite.historique.filter(nature__in=dits, le__gt=self.recue_le).first()

    @property
    def est_en_attente(self) -> bool:
        return self.retenue_le is None and self.ecartee_le is None

    @property
    def apparence(self) -> Apparence:
        return APPARENCES[self.etat]
