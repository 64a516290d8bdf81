"""Framework of the projets: contrat, axes and objectifs, partners, policies of the metropolis."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse

from contrat_ville import workflow
from participation.socle.models import (
    CleEtrangere,
    Commune,
    Direction,
    Joignable,
    LigneDeJournal,
    Suivi,
    ineffacable,
)
from participation.socle.workflow import Table


class Contrat(models.Model):
    """The contract between the State, the Métropole and the communes. Each programmation belongs to one."""

    nom = models.CharField("nom", max_length=160, unique=True)
    date_signature = models.DateField("signé le", null=True, blank=True)
    date_debut = models.DateField("du")
    date_fin = models.DateField("au")
    presentation = models.TextField("présentation", blank=True)
    source = models.CharField("source", max_length=300, blank=True)

    class Meta:
        verbose_name = "contrat"
        ordering = ["-date_debut"]
        constraints = [
            models.CheckConstraint(
                condition=Q(date_fin__gte=F("date_debut")),
                name="contrat_dates_ordonnees",
                violation_error_message="La fin précède le début.",
            )
        ]

    def __str__(self) -> str:
        return self.nom


class Axe(models.Model):
    contrat = CleEtrangere(Contrat, related_name="axes")
    ordre = models.PositiveSmallIntegerField("ordre", default=0)
    nom = models.CharField("nom", max_length=120)
    description = models.CharField("description", max_length=400, blank=True)

    class Meta:
        verbose_name = "axe"
        ordering = ["contrat", "ordre", "nom"]
        constraints = [
            models.UniqueConstraint(
                "contrat", Lower("nom"), name="axe_nom_unique", violation_error_message="Cet axe existe déjà."
            )
        ]

    def __str__(self) -> str:
        return self.nom


class Objectif(models.Model):
    axe = CleEtrangere(Axe, related_name="objectifs")
    ordre = models.PositiveSmallIntegerField("ordre", default=0)
    nom = models.CharField("nom", max_length=200)

    class Meta:
        verbose_name = "objectif"
        ordering = ["axe", "ordre", "nom"]
        constraints = [
            models.UniqueConstraint(
                "axe",
                Lower("nom"),
                name="objectif_nom_unique",
                violation_error_message="Cet objectif existe déjà dans cet axe.",
            )
        ]

    def __str__(self) -> str:
        return self.nom


class Partenaire(Joignable, Suivi):
    """A partner, which signs the contrat, gives opinions on projets, or gives money."""

    SUJET = "le partenaire"
    SANS_ADRESSE = "Aucun avis sur un projet ne peut être demandé à ces partenaires."
    ADRESSE_PEUT_ATTENDRE = True
    TRANSITIONS: ClassVar[Table] = workflow.TRANSITIONS_DU_PARTENAIRE

    class Nature(models.TextChoices):
        ETAT = "etat", "État"
        METROPOLE = "metropole", "intercommunalité"
        COMMUNE = "commune", "commune"
        DEPARTEMENT = "departement", "Département"
        REGION = "region", "Région"
        CAF = "caf", "organisme social"
        BAILLEUR = "bailleur", "bailleur"
        AUTRE = "autre", "autre partenaire"

    nom = models.CharField("nom", max_length=120)
    sigle = models.CharField("sigle", max_length=20, blank=True)
    nature = models.CharField("nature", max_length=12, choices=Nature, default=Nature.AUTRE)
    commune = CleEtrangere(Commune, null=True, related_name="partenaires")
    direction = CleEtrangere(
        Direction, null=True, related_name="partenaires", help_text="Quand c’est un de nos services."
    )
    courriel = models.EmailField("courriel", blank=True, help_text="Où demander un avis.")
    est_financeur = models.BooleanField("donne des subventions", default=False)
    sous_poste = models.CharField(
        "ligne de recette",
        max_length=16,
        blank=True,
        help_text="Son code dans le budget des dossiers Dauphin, par exemple 74epci.",
    )
    ordre = models.PositiveSmallIntegerField("ordre", default=0)
    est_actif = models.BooleanField("actif", default=True)

    class Meta:
        verbose_name = "partenaire"
        ordering = ["ordre", "nom"]
        constraints = [
            models.UniqueConstraint(
                Lower("nom"),
                name="partenaire_nom_unique",
                violation_error_message="Ce partenaire existe déjà.",
            )
        ]

    def __str__(self) -> str:
        return self.nom

    def get_absolute_url(self) -> str:
        return reverse("contrat_ville:partenaire", args=[self.pk])

    @property
    def fil_avant(self) -> list[tuple[str, str]]:
        return [
            ("Ma journée", reverse("socle:journee")),
            ("Programmations", reverse("contrat_ville:programmations")),
            ("Partenaires", reverse("contrat_ville:partenaires")),
        ]

    @property
    def court(self) -> str:
        return self.sigle or self.nom

    @classmethod
    def a_joindre(cls) -> "models.QuerySet[Partenaire]":
        return cls.objects.filter(est_actif=True).select_related("commune", "direction").order_by("nom")

    @property
    def tient_l_adresse(self) -> Joignable:
        return self.commune or self.direction or self

    @property
    def url_adresse(self) -> str:
        if self.tient_l_adresse is not self:
            return super().url_adresse
        return reverse("contrat_ville:modifier_partenaire", args=[self.pk])

    @property
    def adresse_d_avis(self) -> str:
        """Return the address for requests of opinion: that of its commune or direction, else its own."""
        return next(iter(self.adresses()), "")

    def clean(self) -> None:
        """Check that a partner with financements or envelopes stays a financer. Raises ValidationError."""
        if self.pk and not self.est_financeur and (self.financements.exists() or self.enveloppes.exists()):
            raise ValidationError(
                {
                    "est_financeur": "Des projets lui demandent déjà une subvention : il reste financeur. Dites plutôt qu’il n’est plus actif."
                }
            )


class EntreePartenaire(LigneDeJournal):
    """One line of the journal of a partner. The database refuses to change or remove it."""

    partenaire = CleEtrangere(Partenaire, related_name="journal")

    class Meta(LigneDeJournal.Meta):
        verbose_name = "entrée du journal d’un partenaire"
        verbose_name_plural = "journal des partenaires"
        triggers = [ineffacable("partenaire")]


class Politique(models.Model):
    """A policy of the metropolis that projets serve, beside the axes of the contrat."""

    nom = models.CharField("nom", max_length=120)
    direction = CleEtrangere(
        Direction,
        null=True,
        related_name="politiques",
        help_text="Qui la conduit : proposée pour les suites.",
    )
    ordre = models.PositiveSmallIntegerField("ordre", default=0)
    est_active = models.BooleanField("active", default=True)
    source = models.CharField("source", max_length=300, blank=True)

    class Meta:
        verbose_name = "politique publique"
        verbose_name_plural = "politiques publiques"
        ordering = ["ordre", "nom"]
        constraints = [
            models.UniqueConstraint(
                Lower("nom"),
                name="politique_nom_unique",
                violation_error_message="Cette politique existe déjà.",
            )
        ]

    def __str__(self) -> str:
        return self.nom
