"""The marché cadre of draws: its provider, its lots, its days and renewals, its ceiling, what was ordered on it."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q, Sum
from django.urls import reverse
from django.utils import timezone

from participation.panels import workflow
from participation.panels.models.panels import Panel
from participation.panels.workflow import EtatMarche
from participation.socle.calendrier import ajouter_mois
from participation.socle.erreurs import Manque
from participation.socle.francais import jour_texte, montant
from participation.socle.models import CleEtrangere, Compte, Dossier, Partie, PortePar
from participation.socle.models.reglements import exiger_ordre
from participation.socle.workflow import Apparence, Table

CENTIME = Decimal("0.01")


class Marche(Dossier):
    PREFIXE = "MAR"
    SUJET = "le marché"
    TRANSITIONS: ClassVar[Table] = workflow.MARCHES
    APPARENCES: ClassVar[dict[str, Apparence]] = workflow.APPARENCES_MARCHES
    ACTES_REPLIES: ClassVar[frozenset[str]] = frozenset({"clore_marche", "prendre_en_charge"})
    ACTES_DANS_LA_PAGE: ClassVar[frozenset[str]] = frozenset({"commander"})
    ACTES_DUS: ClassVar[dict[str, str]] = {EtatMarche.EN_COURS: ""}

    etat = models.CharField("état", max_length=10, choices=EtatMarche, default=EtatMarche.EN_COURS)
    numero = models.CharField("numéro du marché", max_length=40, blank=True)
    prestataire = models.CharField("prestataire", max_length=160)
    date_debut = models.DateField("commence le")
    date_fin = models.DateField(
        "finit le", help_text="Sans les reconductions qui ne sont pas encore décidées."
    )
    reconductions = models.PositiveSmallIntegerField(
        "reconductions possibles", default=0, validators=[MaxValueValidator(10)]
    )
    mois_par_reconduction = models.PositiveSmallIntegerField(
        "mois de chacune", default=12, validators=[MinValueValidator(1), MaxValueValidator(48)]
    )
    reconduit = models.PositiveSmallIntegerField("reconductions faites", default=0, editable=False)
    plafond = models.DecimalField(
        "montant au plus (€ HT)",
        max_digits=11,
        decimal_places=2,
        validators=[MinValueValidator(CENTIME)],
        help_text="Pour toute sa durée, reconductions comprises.",
    )

    class Meta:
        verbose_name = "marché de tirage"
        verbose_name_plural = "marchés de tirage"
        ordering = ["-date_fin", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(date_fin__gte=F("date_debut")),
                name="marche_dates_ordonnees",
                violation_error_message="La fin précède le début.",
            ),
            models.CheckConstraint(
                condition=Q(reconduit__lte=F("reconductions")),
                name="marche_reconductions_prevues",
                violation_error_message="Le marché a déjà été reconduit plus de fois que cela.",
            ),
        ]

    def clean(self) -> None:
        exiger_ordre(self.date_debut, self.date_fin, "date_fin")

    def get_absolute_url(self) -> str:
        return reverse("panels:marche", args=[self.pk])

    @property
    def fil_avant(self) -> list[tuple[str, str]]:
        return [
            ("Panels citoyens", reverse("panels:panels")),
            ("Marchés de tirage", reverse("panels:marches")),
        ]

    @property
    def fil(self) -> list[tuple[str, str]]:
        return [*self.fil_avant, (self.nom_court, self.get_absolute_url())] if self.pk else self.fil_avant

    def mots_de_suite(self) -> dict[str, str]:
        return {"fin": jour_texte(self.date_fin), "reste": montant(self.reste)}

    @property
    def commande(self) -> Decimal:
        """What is ordered in all."""
        return self.commandes.aggregate(total=Sum("montant"))["total"] or Decimal(0)

    @property
    def reste(self) -> Decimal:
        return self.plafond - self.commande

    def a_reconduire(self) -> Iterator[date]:
        """Give the day of the end after each renewal that may still be decided."""
        for rang in range(1, self.reconductions - self.reconduit + 1):
            yield ajouter_mois(self.date_fin, rang * self.mois_par_reconduction)


class LotDeMarche(models.Model):
    marche = CleEtrangere(Marche, on_delete=models.CASCADE, related_name="lots")
    numero = models.PositiveSmallIntegerField("numéro")
    objet = models.CharField("objet", max_length=160)

    class Meta:
        verbose_name = "lot d’un marché"
        verbose_name_plural = "lots d’un marché"
        ordering = ["marche", "numero"]
        constraints = [
            models.UniqueConstraint(
                fields=["marche", "numero"],
                name="lot_marche_unique",
                violation_error_message="Ce lot est déjà écrit.",
            )
        ]

    def __str__(self) -> str:
        return f"lot {self.numero} · {self.objet}"


class Commande(Partie):
    """What is ordered on a marché, for one panel."""

    marche = CleEtrangere(Marche, related_name="commandes")
    lot = CleEtrangere(LotDeMarche, related_name="commandes", verbose_name="lot")
    panel = CleEtrangere(Panel, related_name="commandes", verbose_name="panel")
    numero = models.CharField("numéro du bon", max_length=40, blank=True)
    libelle = models.CharField("ce qui est commandé", max_length=200)
    montant = models.DecimalField(
        "montant (€ HT)", max_digits=11, decimal_places=2, validators=[MinValueValidator(CENTIME)]
    )
    date_commande = models.DateField("commandé le")

    suivi = PortePar[Marche]("marche")

    class Meta:
        verbose_name = "commande"
        ordering = ["marche", "-date_commande", "-pk"]

    def __str__(self) -> str:
        return f"{self.libelle}, {montant(self.montant)} HT"


def avant_de_commander(marche: Marche, acte: str, par: Compte | None) -> list[str]:
    jour = timezone.localdate()
    if jour < marche.date_debut:
        return [Manque(f"Le marché commence le {jour_texte(marche.date_debut)}.", acte="modifier_marche")]
    if jour > marche.date_fin:
        return [
            Manque(
                f"Le marché a fini le {jour_texte(marche.date_fin)} : reconduisez-le, ou inscrivez le suivant.",
                acte="reconduire_marche",
            )
        ]
    return (
        []
        if marche.reste > 0
        else [Manque("Le montant le plus haut de ce marché est atteint.", acte="modifier_marche")]
    )


def avant_de_reconduire(marche: Marche, acte: str, par: Compte | None) -> list[str]:
    return [] if marche.reconduit < marche.reconductions else ["Ce marché n’a plus de reconduction."]


def sans_alerte(marche: Marche, acte: str, par: Compte | None) -> list[str]:
    return [] if marche.echeances.ouvertes().exists() else ["Aucune alerte n’attend."]
