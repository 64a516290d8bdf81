"""Moderation: why a text of the public is not shown, and the contest of its author, answered by somebody else."""

from typing import Any, ClassVar, Self

from django.apps import apps
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from participation.socle.erreurs import ActeInterdit, ErreurMetier, RoleInsuffisant
from participation.socle.liens import Lien
from participation.socle.models.champs import CleEtrangere
from participation.socle.models.comptes import Compte
from participation.socle.models.dossiers import Dossier, reserves_pour
from participation.socle.models.sceaux import Scelle
from participation.socle.models.suivi import Partie, PortePar, Suivi


class RaisonModeration(models.Model):
    """A reason of the public policy. One that was used is no longer deleted: it is switched off."""

    LIBELLES_PUBLICS = ("libelle",)

    code = models.SlugField("code", max_length=40, unique=True, help_text="Dans les données ouvertes.")
    libelle = models.CharField("raison", max_length=120)
    explication = models.TextField("ce qu’elle veut dire", max_length=600, help_text="Lu par le public.")
    est_active = models.BooleanField("proposée", default=True)

    class Meta:
        verbose_name = "raison de modération"
        verbose_name_plural = "raisons de modération"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.libelle


class ModerationQuerySet(models.QuerySet["Moderation"]):
    def visibles_par(self, compte: Compte) -> Self:
        return self.exclude(dossier__in=reserves_pour(compte))

    def a_juger_par(self, compte: Compte) -> Self:
        """Keep those contested that wait for an answer of somebody else than who decided."""
        return self.visibles_par(compte).filter(contestee_le__isnull=False, jugee_le=None).exclude(par=compte)


class Moderation(Scelle, Partie):
    """A text of the public that an agent did not publish, or withdrew. Its words stay in the row that holds them.

    `acte`: the row of the table, whose `defait_par` gives the text back. `objet`: the row that holds the text, as
    « app.modele.numero ». `adresses`: where its authors are written to.
    """

    class Issue(models.TextChoices):
        MAINTENUE = "maintenue", "la décision reste"
        LEVEE = "levee", "la décision est levée"

    LIEN: ClassVar[Lien] = Lien("socle.moderation")

    dossier = CleEtrangere(Dossier, on_delete=models.CASCADE, related_name="moderations")
    acte = models.CharField("acte", max_length=60)
    objet = models.CharField("objet", max_length=80)
    quoi = models.CharField("texte", max_length=200)
    raison = CleEtrangere(RaisonModeration, related_name="moderations")
    motif = models.TextField("ce qui est dit à l’auteur", max_length=2000)
    par = CleEtrangere(settings.AUTH_USER_MODEL, related_name="+", verbose_name="décidée par")
    decidee_le = models.DateTimeField("décidée le", default=timezone.now)
    adresses = ArrayField(models.EmailField(max_length=254), default=list, blank=True)
    contestee_le = models.DateTimeField("contestée le", null=True, blank=True)
    contestation = models.TextField("ce que dit l’auteur", max_length=3000, blank=True)
    jugee_le = models.DateTimeField("jugée le", null=True, blank=True)
    jugee_par = CleEtrangere(settings.AUTH_USER_MODEL, null=True, related_name="+", verbose_name="jugée par")
    issue = models.CharField("issue", max_length=10, choices=Issue, blank=True)
    reponse = models.TextField("réponse", max_length=2000, blank=True)

    objects = ModerationQuerySet.as_manager()

    suivi = PortePar[Suivi]("dossier.enfant")

    class Meta:
        verbose_name = "modération"
        ordering = ["-decidee_le", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(jugee_par__isnull=True) | ~Q(jugee_par=F("par")),
                name="moderation_jugee_par_une_autre",
                violation_error_message="Une autre personne que celle qui a décidé répond.",
            ),
            models.CheckConstraint(
                condition=Q(jugee_le__isnull=True) | Q(contestee_le__isnull=False),
                name="moderation_jugee_une_fois_contestee",
                violation_error_message="Cette décision n’est pas contestée.",
            ),
        ]
        indexes = [
            models.Index(
                "contestee_le",
                condition=Q(contestee_le__isnull=False, jugee_le__isnull=True),
                name="moderation_a_juger",
            )
        ]

    def __str__(self) -> str:
        return self.quoi

    @property
    def objet_lu(self) -> Any:
        """Return the row that holds the text. Its `texte_modere` is what its author wrote."""
        modele, _, numero = self.objet.rpartition(".")
        return apps.get_model(modele)._default_manager.get(pk=int(numero))

    @property
    def url_contestation(self) -> str:
        return reverse("socle:contester_moderation", args=[self.jeton()])

    @property
    def attend_une_reponse(self) -> bool:
        return self.contestee_le is not None and self.jugee_le is None

    def refus(self, acte: str, par: Compte | None) -> ErreurMetier | None:
        if acte == "contester_moderation":
            return ActeInterdit("Cette décision est déjà contestée.") if self.contestee_le else None
        if not self.attend_une_reponse:
            return ActeInterdit("Cette décision n’attend pas de réponse.")
        if par is not None and par.pk == self.par_id:
            return RoleInsuffisant("Vous avez pris cette décision : une autre personne répond à son auteur.")
        return None
