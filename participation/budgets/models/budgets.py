"""Participatory budget of the ten quartiers: its amount, its dated phases, its journal and its règlement."""

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Func, Q, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from participation.budgets import phases
from participation.budgets.phases import Periode
from participation.budgets.workflow import budget as workflow
from participation.budgets.workflow.budget import BUDGETS_PUBLICS, EN_VIE, Capacite, EtatBudget, NaturePhase
from participation.inscriptions.models import ReglementInscriptions
from participation.socle.erreurs import ActeInterdit, ErreurMetier, Manque
from participation.socle.francais import accorder, jour_texte, majuscule
from participation.socle.models import (
    CleEtrangere,
    Compte,
    LigneDeJournal,
    Partie,
    PortePar,
    ReglementQuerySet,
    Suivi,
    ineffacable,
)
from participation.socle.models.reglements import exiger_ordre
from participation.socle.workflow import Apparence, Table


class ReglementInterQuartiers(ReglementInscriptions):
    """Dated delays of the inter-quartier budget.

    None is fixed by law: each is a choice of the metropolis, given in `source`.
    """

    delai_lecture_jours = models.PositiveSmallIntegerField(
        "lecture d’une idée (jours ouvrés)", default=5, help_text="Avant de la publier ou de l’écarter."
    )
    delai_etude_jours = models.PositiveSmallIntegerField(
        "étude d’un projet par une direction (jours)", default=30
    )
    delai_confirmation_jours = models.PositiveSmallIntegerField(
        "jours pour confirmer une adresse",
        default=30,
        help_text="Une adresse jamais confirmée est effacée ensuite.",
    )
    conservation_auteurs_mois = models.PositiveSmallIntegerField(
        "conservation des coordonnées des auteurs (mois)",
        default=12,
        help_text="Comptés depuis la clôture du budget.",
    )
    conservation_forum_jours = models.PositiveSmallIntegerField(
        "conservation des inscriptions à un forum (jours)", default=60, help_text="Comptés depuis le forum."
    )
    inscriptions_par_boite = models.PositiveSmallIntegerField(
        "inscriptions à un forum par une même boîte de courriel, au plus",
        default=5,
        db_default=5,
        help_text="Une famille s’inscrit avec une seule boîte. L’accueil peut en inscrire davantage.",
    )
    offre_jours = models.PositiveSmallIntegerField(
        "une place de forum proposée attend une réponse (jours)",
        default=0,
        db_default=0,
        help_text="0 : une place libre est donnée à la première personne qui attend, sans lui demander.",
    )
    part_sans_courriel = models.PositiveSmallIntegerField(
        "places de forum données en ligne sans adresse de courriel (%)",
        default=0,
        db_default=0,
        validators=[MaxValueValidator(100)],
        help_text="0 : en ligne, l’adresse est demandée.",
    )
    secret_statistique = models.PositiveSmallIntegerField("plus petit nombre publié", default=5)
    codes_par_heure = models.PositiveSmallIntegerField(
        "codes de vote remis par une même personne de l’accueil en une heure, au plus",
        default=20,
        db_default=20,
    )
    codes_par_jour = models.PositiveSmallIntegerField(
        "codes de vote remis par une même personne de l’accueil en un jour, au plus",
        default=100,
        db_default=100,
    )
    codes_a_signaler = models.PositiveSmallIntegerField(
        "codes de vote remis en une heure à partir desquels le service est prévenu", default=10, db_default=10
    )

    objects = ReglementQuerySet["ReglementInterQuartiers"].as_manager()

    class Meta(ReglementInscriptions.Meta):
        verbose_name = "règlement du budget inter-quartiers"
        verbose_name_plural = "règlements du budget inter-quartiers"


class BudgetQuerySet(models.QuerySet["Budget"]):
    def publics(self) -> Self:
        return self.filter(etat__in=sorted(BUDGETS_PUBLICS))

    def avec_phases(self) -> Self:
        return self.prefetch_related("phases")


class Budget(Suivi):
    """An amount that the inhabitants of the quartiers decide on. Its dates are those of its phases."""

    SUJET = "le budget"
    TRANSITIONS: ClassVar[Table] = workflow.TRANSITIONS_DU_BUDGET
    APPARENCES: ClassVar[dict[str, Apparence]] = workflow.APPARENCES_DU_BUDGET
    MOTS_DU_SERVICE: ClassVar[frozenset[str]] = frozenset({"titre"})

    titre = models.CharField("titre", max_length=120, help_text="Par exemple « Budget des quartiers 2027 ».")
    annee = models.PositiveSmallIntegerField("année", validators=[MinValueValidator(2024)])
    montant = models.DecimalField(
        "somme à répartir (€)", max_digits=12, decimal_places=2, validators=[MinValueValidator(Decimal(1))]
    )
    texte = models.TextField(
        "présentation", max_length=4000, help_text="Ce que c’est, qui peut participer, en phrases simples."
    )
    regles = models.TextField(
        "règles des idées",
        max_length=3000,
        blank=True,
        help_text="Ce qu’une idée doit respecter : une règle par ligne.",
    )
    etat = models.CharField("état", max_length=12, choices=EtatBudget, default=EtatBudget.PREPARATION)
    cree_le = models.DateTimeField("créé le", default=timezone.now, editable=False)
    clos_le = models.DateTimeField("clos le", null=True, blank=True, editable=False)

    objects = BudgetQuerySet.as_manager()

    class Meta:
        verbose_name = "budget inter-quartiers"
        verbose_name_plural = "budgets inter-quartiers"
        ordering = ["-annee", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(montant__gt=0),
                name="budget_montant_positif",
                violation_error_message="La somme à répartir est plus grande que zéro.",
            ),
            models.CheckConstraint(
                condition=~Q(etat="clos") | Q(clos_le__isnull=False),
                name="budget_clos_date",
                violation_error_message="Un budget clos porte sa date.",
            ),
        ]

    def __str__(self) -> str:
        return self.titre

    def get_absolute_url(self) -> str:
        return reverse("budgets:budget", args=[self.pk])

    def get_public_url(self) -> str:
        return reverse("budgets:budget_public", args=[self.pk])

    @property
    def fil_des_pages(self) -> list[tuple[str, str]]:
        """Breadcrumb to the public page, this page included."""
        return [
            (gettext("Accueil"), reverse("socle:accueil")),
            (gettext("Budgets des quartiers"), reverse("budgets:budgets_publics")),
            (self.titre, self.get_public_url()),
        ]

    @property
    def fil(self) -> list[tuple[str, str]]:
        debut = [
            ("Ma journée", reverse("socle:journee")),
            ("Budgets des quartiers", reverse("budgets:budgets")),
        ]
        return [*debut, (self.titre, self.get_absolute_url())] if self.pk else debut

    @property
    def est_public(self) -> bool:
        return self.etat in BUDGETS_PUBLICS

    @property
    def periodes(self) -> list[Periode]:
        """Phases in their order, as `regles.phases` takes them."""
        return phases.rangees(Periode(p.nature, p.date_debut, p.date_fin) for p in self.phases.all())

    def capacites(self, jour: date | None = None) -> frozenset[str]:
        """Return what may be done on the day (today by default).

        Checked before each act, and shown on the page.
        """
        if self.etat != EtatBudget.OUVERT:
            return frozenset()
        return phases.capacites(self.periodes, jour or timezone.localdate())

    def peut(self, capacite: str, jour: date | None = None) -> bool:
        return capacite in self.capacites(jour)

    def pourquoi_pas(self, capacite: str) -> list[str]:
        """Return, in sentences, why this may not be done today; empty when it may."""
        if self.peut(capacite):
            return []
        if self.etat != EtatBudget.OUVERT:
            return [
                Manque(f"Le budget est « {self.get_etat_display()} ».", acte="publier_budget", objet=self)
            ]
        jour, mots = timezone.localdate(), str(Capacite(capacite).label)
        permises = [p for p in self.periodes if capacite in phases.capacites([p], p.debut)]
        futures = [p for p in permises if p.debut > jour]
        if futures:
            return [
                Manque(
                    f"On pourra {mots} à partir du {jour_texte(futures[0].debut)}.",
                    acte="fixer_phases",
                    objet=self,
                )
            ]
        if permises:
            return [
                Manque(
                    f"On ne peut plus {mots} : c’était possible jusqu’au {jour_texte(permises[-1].fin)}.",
                    acte="fixer_phases",
                    objet=self,
                )
            ]
        return [Manque(f"Aucune phase de ce budget ne permet de {mots}.", acte="fixer_phases", objet=self)]

    def mots_de_suite(self) -> dict[str, str]:
        return {"phase": self.phrase_de_phase()}

    @property
    def est_au_bout(self) -> bool:
        """Whether every phase is past: the budget can only be closed."""
        jour = timezone.localdate()
        return phases.en_cours(self.periodes, jour) is None and phases.suivante(self.periodes, jour) is None

    def phrase_de_phase(self) -> str:
        """Return « vote, jusqu’au 3 mars 2027. », the next phase, or a sentence if all are past."""
        jour = timezone.localdate()
        periode = phases.en_cours(self.periodes, jour)
        if periode is not None:
            return f"{periode.nom}, jusqu’au {jour_texte(periode.fin)}."
        suivante = phases.suivante(self.periodes, jour)
        if suivante is not None:
            return f"{suivante.nom}, à partir du {jour_texte(suivante.debut)}."
        return "toutes les phases sont passées."

    def avant_de_publier(self, acte: str, par: Compte | None) -> list[str]:
        presentes = {p.nature for p in self.periodes}
        manquent = [majuscule(n.label) for n in NaturePhase if n not in presentes]
        if manquent:
            return [
                Manque(
                    f"Fixez les dates de chaque phase. Il manque : {', '.join(manquent)}.",
                    acte="fixer_phases",
                )
            ]
        return [Manque(defaut, acte="fixer_phases") for defaut in phases.defauts(self.periodes)]

    def avant_de_clore(self, acte: str, par: Compte | None) -> list[str]:
        ouverts = self.projets.filter(etat__in=sorted(EN_VIE)).count()
        if ouverts:
            dit = f"{accorder(ouverts, 'projet n’est pas fini', 'projets ne sont pas finis')}."
            return [Manque(dit, reverse("budgets:projets_quartier", args=[self.pk]))]
        return []


def avant_de_reunir(objet: Any, acte: str, par: Compte | None) -> list[str]:
    """Of the budget, of one of its idées or of one of its projets."""
    budget: Budget = getattr(objet, "budget", objet)
    return budget.pourquoi_pas(Capacite.REUNIR)


class Phase(Partie):
    """A phase and its dates. The last day is included."""

    budget = CleEtrangere(Budget, on_delete=models.CASCADE, related_name="phases")
    nature = models.CharField("nature", max_length=12, choices=NaturePhase)
    date_debut = models.DateField("premier jour")
    date_fin = models.DateField("dernier jour")

    suivi = PortePar[Budget]("budget")

    class Meta:
        verbose_name = "phase"
        ordering = ["budget", "date_debut", "pk"]
        constraints = [
            models.UniqueConstraint(
                "budget",
                "nature",
                name="phase_une_par_nature",
                violation_error_message="Ce budget a déjà cette phase.",
            ),
            models.CheckConstraint(
                condition=Q(date_fin__gte=F("date_debut")),
                name="phase_dates_ordonnees",
                violation_error_message="Le dernier jour précède le premier.",
            ),
            ExclusionConstraint(
                name="phase_une_par_jour",
                expressions=[
                    ("budget", RangeOperators.EQUAL),
                    (
                        Func(F("date_debut"), F("date_fin"), Value("[]"), function="daterange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message="Deux phases ne peuvent pas avoir un jour en commun.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_nature_display()} ({jour_texte(self.date_debut)} – {jour_texte(self.date_fin)})"

    def clean(self) -> None:
        exiger_ordre(self.date_debut, self.date_fin, "date_fin")

    @property
    def designation(self) -> str:
        return f"{self.budget.titre}, phase « {self.get_nature_display()} »"

    @property
    def est_passee(self) -> bool:
        return self.date_fin < timezone.localdate()

    @property
    def est_en_cours(self) -> bool:
        return self.date_debut <= timezone.localdate() <= self.date_fin

    def refus(self, acte: str, par: Compte | None) -> ErreurMetier | None:
        if acte == "deplacer_phase" and self.est_passee:
            return ActeInterdit("Cette phase est finie : ses dates ne changent plus.")
        return None


class EntreeBudget(LigneDeJournal):
    """One line of the journal of a budget. The database refuses to change or remove it."""

    SUR = ("phase",)

    budget = CleEtrangere(Budget, related_name="journal")
    phase = CleEtrangere(Phase, null=True, related_name="+")

    class Meta(LigneDeJournal.Meta):
        verbose_name = "entrée du journal de budget"
        verbose_name_plural = "journal des budgets"
        triggers = [ineffacable("budget")]
