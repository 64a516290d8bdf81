"""Engagements, their indicators, the principles that are their frame."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from participation.engagements import workflow
from participation.engagements.workflow import EtatEngagement, Mesure
from participation.socle.collectivite import ici
from participation.socle.erreurs import ActeInterdit, ErreurMetier, Manque
from participation.socle.francais import au_plus_tard
from participation.socle.models import CleEtrangere, Compte, Dossier, DossierQuerySet, Partie, PortePar, Voix
from participation.socle.workflow import Apparence, Table


class Principe(models.Model):
    """A principle of the text that frames the engagements (a pact), entered with its source."""

    numero = models.PositiveSmallIntegerField("numéro", unique=True)
    titre = models.CharField("principe", max_length=200)
    source = models.CharField("source", max_length=300, help_text="Le texte qui l’écrit, où le lire.")
    est_actif = models.BooleanField("en vigueur", default=True)

    class Meta:
        verbose_name = "principe des engagements"
        verbose_name_plural = "principes des engagements"
        ordering = ["numero"]

    def __str__(self) -> str:
        return f"{self.numero}. {self.titre}"


class EngagementPris(Dossier):
    """What is promised for participation: published only once it is verifiable, specific, sourced and dated."""

    PREFIXE = "ENG"
    TRANSITIONS: ClassVar[Table] = workflow.ENGAGEMENTS
    APPARENCES: ClassVar[dict[str, Apparence]] = workflow.APPARENCES_ENGAGEMENTS
    SUJET = "l’engagement"

    etat = models.CharField("état", max_length=12, choices=EtatEngagement, default=EtatEngagement.BROUILLON)
    principe = CleEtrangere(Principe, null=True, related_name="engagements", verbose_name="principe")
    texte = models.TextField("ce qui sera fait, pour qui", max_length=4000)
    verification = models.TextField("comment on saura que c’est fait", max_length=2000, blank=True)
    source = models.CharField("acte ou page qui le porte", max_length=300, blank=True)
    date_limite = models.DateField("fait au plus tard le", null=True, blank=True)
    # Who watches it, and says beside the metropolis whether what it owes is done.
    suivi_par = CleEtrangere(
        "engagements.Collectif", null=True, related_name="+", verbose_name="collectif qui le suit"
    )
    bilan = models.TextField("ce qui a été fait, ou pourquoi non", max_length=4000, blank=True)

    objects: ClassVar[Any] = DossierQuerySet.as_manager()

    class Meta:
        verbose_name = "engagement"
        constraints = [
            models.CheckConstraint(
                condition=Q(etat=EtatEngagement.BROUILLON)
                | ~Q(verification="") & ~Q(source="") & Q(date_limite__isnull=False),
                name="engagement_publie_est_complet",
                violation_error_message="Un engagement publié est vérifiable, sourcé et daté.",
            ),
            models.CheckConstraint(
                condition=~Q(etat__in=[EtatEngagement.TENU, EtatEngagement.ABANDONNE]) | ~Q(bilan=""),
                name="engagement_fini_dit_pourquoi",
                violation_error_message="Dites ce qui a été fait, ou pourquoi l’engagement est abandonné.",
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("engagements:dossier_engagement", args=[self.pk])

    def get_public_url(self) -> str:
        return reverse("engagements:engagement", args=[self.reference])

    def a_lire(self) -> list[tuple[str, str]]:
        return [("Ce qui est promis", self.texte)]

    def completer(self) -> None:
        super().completer()
        self.resume = self.texte

    @property
    def fil_avant(self) -> list[tuple[str, str]]:
        return [*super().fil_avant, ("Engagements", reverse("engagements:dossiers_engagements"))]

    @property
    def qui_demande(self) -> str:
        return ici("la {metropole}")

    def voix(self) -> Iterable[Voix]:
        return self.suivi_par.voix() if self.suivi_par is not None else ()

    def mots_de_suite(self) -> dict[str, str]:
        return {"limite": au_plus_tard(self.date_limite)}

    @property
    def est_en_retard(self) -> bool:
        return (
            self.etat == EtatEngagement.PUBLIE
            and self.date_limite is not None
            and self.date_limite < timezone.localdate()
        )


class Indicateur(Partie):
    """A measure of an engagement: computed from what is public here, or written with its source."""

    engagement = CleEtrangere(EngagementPris, related_name="indicateurs")
    intitule = models.CharField("intitulé", max_length=160)
    mesure = models.CharField("ce qui est mesuré", max_length=16, choices=Mesure)
    instrument = models.CharField("sur quelles suites", max_length=30, blank=True)
    par_commune = models.BooleanField("montré aussi commune par commune", default=False)
    cible = models.DecimalField("valeur visée", max_digits=9, decimal_places=1)
    est_un_plafond = models.BooleanField("la valeur doit rester en dessous", default=False)
    unite = models.CharField("unité", max_length=20, blank=True)

    suivi = PortePar[EngagementPris]("engagement")

    class Meta:
        verbose_name = "indicateur"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                "engagement",
                "intitule",
                name="indicateur_engagement_unique",
                violation_error_message="Cet engagement a déjà un indicateur de ce nom.",
            )
        ]

    def __str__(self) -> str:
        return self.intitule

    @property
    def est_calcule(self) -> bool:
        return self.mesure != Mesure.SAISIE

    def refus(self, acte: str, par: Compte | None) -> ErreurMetier | None:
        if acte == "mesurer" and self.est_calcule:
            return ActeInterdit("Cet indicateur est calculé : sa valeur ne s’écrit pas.")
        return None

    def pas_le_seul(self, acte: str, par: Compte | None) -> list[str]:
        est_publie = self.engagement.etat != EtatEngagement.BROUILLON
        if est_publie and self.engagement.indicateurs.count() < 2:
            return [
                Manque(
                    "C’est le seul indicateur d’un engagement publié : ajoutez-en d’abord un autre.",
                    reverse("engagements:ajouter_indicateur", args=[self.engagement_id]),
                )
            ]
        return []


class Valeur(models.Model):
    """A value written by an agent, with its day and its source. Never changed: a later one says what is true now."""

    indicateur = CleEtrangere(Indicateur, on_delete=models.CASCADE, related_name="valeurs")
    valeur = models.DecimalField("valeur", max_digits=9, decimal_places=1)
    constatee_le = models.DateField("constatée le")
    source = models.CharField("source", max_length=300)
    par = CleEtrangere(settings.AUTH_USER_MODEL, null=True, related_name="+")
    le = models.DateTimeField("écrite le", default=timezone.now)

    class Meta:
        verbose_name = "valeur d’un indicateur"
        verbose_name_plural = "valeurs des indicateurs"
        ordering = ["-constatee_le", "-pk"]

    def __str__(self) -> str:
        return f"{self.indicateur} : {self.valeur}"


def ce_qui_manque(engagement: EngagementPris, acte: str, par: Compte | None) -> list[str]:
    """Verifiable, specific, sourced, dated: say what is missing, and where it is written."""
    corriger = reverse("engagements:modifier_engagement", args=[engagement.pk]) if engagement.pk else ""
    ajouter = reverse("engagements:ajouter_indicateur", args=[engagement.pk]) if engagement.pk else ""
    a_un_indicateur = engagement.pk is not None and engagement.indicateurs.exists()
    manques = [
        (
            not engagement.verification,
            "Il n’est pas vérifiable : dites comment on saura que c’est fait.",
            corriger,
        ),
        (not a_un_indicateur, "Il n’est pas précis : ajoutez un indicateur avec la valeur visée.", ajouter),
        (not engagement.source, "Il n’est pas sourcé : dites quel acte ou quelle page le porte.", corriger),
        (engagement.date_limite is None, "Il n’est pas daté : dites pour quand.", corriger),
    ]
    return [Manque(phrase, ou) for manque, phrase, ou in manques if manque]
