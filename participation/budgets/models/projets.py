"""Projets de quartier, made of idées: studied by the directions, voted on, carried out in steps."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Self

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q, Sum
from django.urls import reverse
from django.utils import timezone

from participation.budgets.models.budgets import Budget
from participation.budgets.models.idees import VoixDuBudgetQuerySet
from participation.budgets.workflow import budget as workflow
from participation.budgets.workflow.budget import (
    LAUREATS,
    SOUMIS_AU_VOTE,
    Capacite,
    EtatProjetQuartier,
    NaturePhase,
    Verdict,
)
from participation.socle.erreurs import ActeInterdit, ErreurMetier, Manque
from participation.socle.francais import accorder, au_plus_tard, jour_texte, periode_texte
from participation.socle.models import (
    CleEtrangere,
    CleUnique,
    Compte,
    Demande,
    Direction,
    Dossier,
    Partie,
    Piece,
    PortePar,
    Voix,
)
from participation.socle.models.echeances import avant_le
from participation.socle.workflow import Apparence, Table


class ProjetQuartierQuerySet(VoixDuBudgetQuerySet):
    def au_vote(self) -> Self:
        return self.filter(etat=EtatProjetQuartier.AU_VOTE)

    def laureats(self) -> Self:
        return self.filter(etat__in=sorted(LAUREATS))


class ProjetQuartier(Dossier):
    """A projet that inhabitants vote on. The authors of its idées are told of each change."""

    PREFIXE = "PIQ"
    QUI_DEMANDE = "des habitantes et habitants des quartiers"
    SUJET = "le projet"
    TEXTES_PUBLICS = ("titre", "description", "changements", "motif_faisabilite")
    TRANSITIONS: ClassVar[Table] = workflow.TRANSITIONS_DU_PROJET
    APPARENCES: ClassVar[dict[str, Apparence]] = workflow.APPARENCES_DU_PROJET
    ACTES_DUS: ClassVar[dict[str, str]] = workflow.ACTES_DUS_DU_PROJET
    ACTES_REPLIES: ClassVar[frozenset[str]] = frozenset(
        {"prendre_en_charge", "ajouter_suite", "abandonner_projet_quartier", "separer_idees"}
    )

    budget = CleEtrangere(Budget, related_name="projets")
    etat = models.CharField(
        "état", max_length=12, choices=EtatProjetQuartier, default=EtatProjetQuartier.ETUDE
    )
    description = models.TextField("description", max_length=6000, blank=True)
    lieu = models.CharField("lieu", max_length=200, blank=True)
    latitude = models.FloatField("latitude", null=True, blank=True)
    longitude = models.FloatField("longitude", null=True, blank=True)
    # Decided by the agent after the answers of the directions; the reason is public.
    verdict = models.CharField("faisabilité", max_length=12, choices=Verdict, blank=True)
    changements = models.TextField("ce qui change par rapport aux idées", max_length=3000, blank=True)
    motif_faisabilite = models.TextField("raison publique", max_length=3000, blank=True)
    cout = models.DecimalField(
        "coût estimé (€)",
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.01"))],
    )
    decide_le = models.DateTimeField("faisabilité décidée le", null=True, blank=True, editable=False)
    motif_abandon = models.TextField("pourquoi il est abandonné", max_length=3000, blank=True)
    # Result of the vote in one sentence, for the page and the letters.
    phrase_du_vote = models.CharField("résultat du vote", max_length=300, blank=True)
    realise_le = models.DateTimeField("réalisé le", null=True, blank=True, editable=False)

    objects: ClassVar[Any] = ProjetQuartierQuerySet.as_manager()

    class Meta:
        verbose_name = "projet des quartiers"
        verbose_name_plural = "projets des quartiers"
        ordering = ["-ouvert_le", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(cout__isnull=True) | Q(cout__gt=0),
                name="projet_quartier_cout_positif",
                violation_error_message="Le coût est plus grand que zéro.",
            ),
            models.CheckConstraint(
                condition=~Q(etat__in=["faisable", *sorted(SOUMIS_AU_VOTE)]) | Q(cout__isnull=False),
                name="projet_quartier_faisable_a_son_cout",
                violation_error_message="Un projet réalisable a un coût estimé.",
            ),
            models.CheckConstraint(
                condition=~Q(etat="infaisable") | ~Q(motif_faisabilite=""),
                name="projet_quartier_infaisable_dit_pourquoi",
                violation_error_message="Dites pourquoi le projet n’est pas réalisable.",
            ),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="projet_quartier_point_entier",
                violation_error_message="Ce point n’est pas sur la Terre.",
            ),
        ]
        indexes = [models.Index("budget", "etat", name="projet_quartier_du_budget")]

    def voix(self) -> Iterator[Voix]:
        for idee in self.idees.order_by("pk"):
            yield from idee.voix()

    def get_absolute_url(self) -> str:
        return reverse("budgets:projet_quartier", args=[self.pk])

    def get_public_url(self) -> str:
        return reverse("budgets:projet_quartier_public", args=[self.reference])

    @property
    def fil(self) -> list[tuple[str, str]]:
        projets = reverse("budgets:projets_quartier", args=[self.budget_id])
        return [*self.budget.fil, ("Projets", projets), (self.nom_court, self.get_absolute_url())]

    @property
    def est_laureat(self) -> bool:
        return self.etat in LAUREATS

    @property
    def depense(self) -> Decimal:
        """Amount spent so far: the sum of its steps."""
        return self.jalons.aggregate(n=Sum("depense"))["n"] or Decimal(0)

    def a_lire(self) -> list[tuple[str, str]]:
        """Return what a direction reads: the projet and its idées, never their authors."""
        lu = [("Le projet", self.description)] if self.description else []
        siennes: Any = self.idees.order_by("pk")
        lu += [(f"Idée {i.reference}", i.texte_public) for i in siennes if i.texte_public]
        return [*lu, ("Lieu", self.lieu)] if self.lieu else lu

    def lien_reponse(self, demande: Demande) -> str:
        """Return the page where a direction answers with a verdict, a cost and a reason."""
        if AvisFaisabilite.objects.filter(demande=demande.pk).exists():
            return reverse("budgets:repondre_faisabilite", args=[demande.jeton()])
        return super().lien_reponse(demande)

    def jours_du_vote(self) -> tuple[date, date] | None:
        vote = next((p for p in self.budget.phases.all() if p.nature == NaturePhase.VOTE), None)
        return (vote.date_debut, vote.date_fin) if vote else None

    def mots_de_suite(self) -> dict[str, str]:
        demande = self.demandes.filter(repondue_le=None, annulee_le=None).order_by("date_limite").first()
        vote = self.jours_du_vote()
        jalon = self.jalons.filter(fait_le__isnull=True).order_by("date_prevue", "pk").first()
        return {
            "avant": avant_le(demande.date_limite) if demande else "",
            "vote": f" {periode_texte(*vote)}" if vote else "",
            "etape": f"{jalon.titre}, {au_plus_tard(jalon.date_prevue)}" if jalon else "à prévoir",
        }

    def avant_d_etudier(self, acte: str, par: Compte | None) -> list[str]:
        sans = (
            []
            if self.description
            else [
                Manque(
                    "Écrivez d’abord le projet : les directions lisent son texte.",
                    acte="rediger_projet_quartier",
                )
            ]
        )
        return [*self.budget.pourquoi_pas(Capacite.ETUDIER), *sans]

    def avant_d_achever(self, acte: str, par: Compte | None) -> list[str]:
        reste = self.jalons.filter(fait_le__isnull=True).count()
        dit = f"{accorder(reste, 'étape n’est', 'étapes ne sont')} pas encore faite."
        return [Manque(dit, f"{self.get_absolute_url()}#etapes")] if reste else []

    def avant_de_declarer(self, acte: str, par: Compte | None) -> list[str]:
        if self.avis_faisabilite.filter(demande__repondue_le=None, demande__annulee_le=None).exists():
            return [
                Manque(
                    "Une direction doit encore répondre : attendez-la, ou annulez la demande.",
                    f"{self.get_absolute_url()}#demandes",
                )
            ]
        return []

    def avant_le_vote(self, acte: str, par: Compte | None) -> list[str]:
        """The list of projets cannot change once the vote has begun: all voters have the same ballot."""
        vote = next((p for p in self.budget.phases.all() if p.nature == NaturePhase.VOTE), None)
        if vote is not None and vote.date_debut <= timezone.localdate():
            return [
                f"Le vote a commencé le {jour_texte(vote.date_debut)} : la liste des projets ne change plus."
            ]
        return []


class AvisFaisabilite(models.Model):
    """Study asked of a direction, and its answer. Internal: only the decision of the agent is public."""

    projet = CleEtrangere(ProjetQuartier, related_name="avis_faisabilite")
    direction = CleEtrangere(Direction, related_name="+")
    demande = CleUnique(Demande, related_name="avis_faisabilite")
    verdict = models.CharField("avis", max_length=12, choices=Verdict, blank=True)
    cout = models.DecimalField(
        "coût estimé (€)",
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.01"))],
    )
    motif = models.TextField("raison", max_length=3000, blank=True)
    changements = models.TextField("changements", max_length=3000, blank=True)

    class Meta:
        verbose_name = "avis de faisabilité"
        verbose_name_plural = "avis de faisabilité"
        ordering = ["projet", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(cout__isnull=True) | Q(cout__gt=0),
                name="avis_faisabilite_cout_positif",
                violation_error_message="Le coût est plus grand que zéro.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.direction} : {self.get_verdict_display() or 'attendu'}"


class JalonProjet(Partie):
    """A step of the works: planned for a day, then done, with its cost and a photo."""

    projet = CleEtrangere(ProjetQuartier, related_name="jalons")
    titre = models.CharField("étape", max_length=160)
    date_prevue = models.DateField("prévue le")
    fait_le = models.DateField("faite le", null=True, blank=True)
    texte = models.TextField("ce qui a été fait", max_length=3000, blank=True)
    depense = models.DecimalField(
        "dépensé (€)",
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )
    photo = CleEtrangere(Piece, null=True, on_delete=models.SET_NULL, related_name="+")
    description_photo = models.CharField("ce que montre la photo", max_length=200, blank=True)

    suivi = PortePar[ProjetQuartier]("projet")

    class Meta:
        verbose_name = "étape d’un projet"
        verbose_name_plural = "étapes des projets"
        ordering = ["projet", "date_prevue", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(depense__isnull=True) | Q(depense__gte=0),
                name="jalon_projet_depense_positive",
                violation_error_message="Une dépense n’est pas négative.",
            )
        ]

    def __str__(self) -> str:
        return self.titre

    def depasse_de(self, depense: Decimal) -> Decimal:
        """Return by how much the steps would cost more than the projet was voted for, with this cost of this one.

        Zero or less: they hold in it.
        """
        autres = self.projet.jalons.exclude(pk=self.pk).aggregate(somme=Sum("depense"))["somme"]
        return (autres or Decimal(0)) + depense - (self.projet.cout or depense)

    @property
    def designation(self) -> str:
        return f"{self.projet.reference}, étape « {self.titre} »"

    def refus(self, acte: str, par: Compte | None) -> ErreurMetier | None:
        if acte in {"franchir_jalon", "deplacer_jalon", "retirer_jalon"} and self.fait_le is not None:
            return ActeInterdit("Cette étape est déjà faite.")
        if acte == "corriger_jalon" and self.fait_le is None:
            return ActeInterdit("Cette étape n’est pas encore faite.")
        return None
