"""Planned budget of a projet, and amounts asked, proposed, granted and paid for each financer."""

from decimal import Decimal
from typing import Any, ClassVar, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q, Sum

from contrat_ville import regles as nomenclature
from contrat_ville.models.cadre import Partenaire
from contrat_ville.models.projets import MONTANT_MAX, Projet
from contrat_ville.workflow import Sens
from participation.socle.models import CleEtrangere, Partie, PortePar


class FinancementQuerySet(models.QuerySet["Financement"]):
    def avec_financeur(self) -> Self:
        return self.select_related("financeur")

    def totaux(self) -> dict[str, Decimal]:
        """Return the sums of these rows: demande, propose, accorde, verse."""
        sommes = self.aggregate(**{champ: Sum(champ) for champ in ("demande", "propose", "accorde", "verse")})
        return {champ: somme or Decimal(0) for champ, somme in sommes.items()}


class Financement(Partie):
    """Amounts of one financer for one projet. Each financer decides its own amount."""

    projet = CleEtrangere(Projet, related_name="financements", on_delete=models.CASCADE)
    financeur = CleEtrangere(Partenaire, related_name="financements")
    demande = models.DecimalField("demandé", max_digits=11, decimal_places=2, default=Decimal(0))
    propose = models.DecimalField("proposé", max_digits=11, decimal_places=2, null=True, blank=True)
    accorde = models.DecimalField("accordé", max_digits=11, decimal_places=2, null=True, blank=True)
    verse = models.DecimalField("versé", max_digits=11, decimal_places=2, default=Decimal(0))
    # Owed in the end, once the accounts of the bilan are settled
    definitif = models.DecimalField("définitif", max_digits=11, decimal_places=2, null=True, blank=True)
    ej = models.CharField("numéro d’engagement", max_length=40, blank=True)

    objects: ClassVar[Any] = FinancementQuerySet.as_manager()
    suivi = PortePar[Projet]("projet")

    class Meta:
        verbose_name = "financement"
        ordering = ["projet", "financeur__ordre", "financeur"]
        constraints = [
            models.UniqueConstraint(
                fields=["projet", "financeur"],
                name="financement_unique",
                violation_error_message="Ce financeur est déjà sollicité pour ce projet.",
            ),
            models.CheckConstraint(
                condition=Q(demande__gte=0)
                & Q(verse__gte=0)
                & (Q(propose__isnull=True) | Q(propose__gte=0))
                & (Q(accorde__isnull=True) | Q(accorde__gte=0)),
                name="financement_positif",
                violation_error_message="Un montant ne peut pas être négatif.",
            ),
            models.CheckConstraint(
                condition=Q(verse=0) | Q(accorde__gte=F("verse")),
                name="financement_verse_dans_l_accorde",
                violation_error_message="On ne verse pas plus que ce qui est accordé.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.financeur.court}, {self.projet.nom_court}"

    @property
    def du(self) -> Decimal:
        """What the financer owes: what it granted, until the accounts are settled."""
        du: Decimal = (self.accorde or Decimal(0)) if self.definitif is None else self.definitif
        return du

    @property
    def reste(self) -> Decimal:
        return max(Decimal(0), self.du - self.verse)

    @property
    def trop_verse(self) -> Decimal:
        return max(Decimal(0), self.verse - self.du)


class LigneBudget(Partie):
    """A line of the planned budget, under a code of the nomenclature.

    The real amount comes with the bilan.
    """

    projet = CleEtrangere(Projet, related_name="budget", on_delete=models.CASCADE)
    sens = models.CharField("sens", max_length=8, choices=Sens)
    poste = models.CharField(
        "poste", max_length=16, help_text="Code de la nomenclature des dossiers Dauphin."
    )
    libelle = models.CharField("libellé", max_length=160, blank=True)
    financeur = CleEtrangere(Partenaire, null=True, related_name="lignes_demandees")
    montant = models.DecimalField(
        "montant",
        max_digits=11,
        decimal_places=2,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(MONTANT_MAX)],
    )
    realise = models.DecimalField("réalisé", max_digits=11, decimal_places=2, null=True, blank=True)
    est_imprevue = models.BooleanField("ajoutée par le bilan", default=False, db_default=False)
    accorde: Decimal | None = None  # what its financeur granted, read by `budget_de` once the bilan is in
    ordre = models.PositiveSmallIntegerField("ordre", default=0)

    suivi = PortePar[Projet]("projet")

    class Meta:
        verbose_name = "ligne de budget"
        verbose_name_plural = "budget"
        ordering = ["projet", "sens", "ordre", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(montant__gte=0) & (Q(realise__isnull=True) | Q(realise__gte=0)),
                name="ligne_budget_positive",
                violation_error_message="Un montant ne peut pas être négatif.",
            ),
            models.CheckConstraint(
                condition=Q(financeur__isnull=True) | Q(sens=Sens.RECETTE),
                name="ligne_budget_financeur_en_recette",
                violation_error_message="Seule une recette vient d’un financeur.",
            ),
        ]

    def __str__(self) -> str:
        return self.intitule

    @property
    def intitule(self) -> str:
        """Title of the account; an unknown code is shown as it is."""
        return nomenclature.libelle(self.poste)

    @property
    def est_en_nature(self) -> bool:
        return nomenclature.est_en_nature(self.poste)
