"""Rules of the rencontres, and the library of formats: ways to work together in a room, in the words of the service."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.urls import reverse

from participation.inscriptions.models import ReglementInscriptions
from participation.rencontres import workflow
from participation.rencontres.workflow import EtatFormat
from participation.socle.francais import accorder, duree
from participation.socle.models import CleEtrangere, LigneDeJournal, ReglementQuerySet, Suivi, ineffacable
from participation.socle.workflow import Apparence, Table


class ReglementRencontresQuerySet(ReglementQuerySet["ReglementRencontres"]):
    """Versions of the règlement of the rencontres."""


class ReglementRencontres(ReglementInscriptions):
    notes_par_heure = models.PositiveSmallIntegerField(
        "notes prises à une table en une heure",
        default=200,
        db_default=200,
        help_text="Au-delà, le lien de la table ne prend plus rien pendant une heure.",
    )
    gommettes_par_personne = models.PositiveSmallIntegerField(
        "gommettes de chaque personne", default=3, db_default=3
    )
    conservation_jours = models.PositiveSmallIntegerField(
        "effacer qui était inscrit, tant de jours après", default=60
    )

    objects: ClassVar[ReglementRencontresQuerySet] = ReglementRencontresQuerySet.as_manager()  # type: ignore[assignment]

    class Meta(ReglementInscriptions.Meta):
        verbose_name = "règlement des rencontres"
        verbose_name_plural = "règlements des rencontres"


class Format(Suivi):
    SUJET = "le format"
    TRANSITIONS: ClassVar[Table] = workflow.TRANSITIONS_DU_FORMAT
    APPARENCES: ClassVar[dict[str, Apparence]] = workflow.APPARENCES_DU_FORMAT

    LIBELLES_PUBLICS = ("nom", "but")

    nom = models.CharField(
        "nom", max_length=80, unique=True, error_messages={"unique": "Un format a déjà ce nom."}
    )
    but = models.TextField("à quoi il sert", max_length=600)
    personnes_min = models.PositiveSmallIntegerField("personnes, au moins", validators=[MinValueValidator(2)])
    personnes_max = models.PositiveSmallIntegerField("personnes, au plus")
    minutes = models.PositiveSmallIntegerField("durée (minutes)", validators=[MinValueValidator(5)])
    materiel = models.TextField("matériel", max_length=1000, blank=True)
    etapes = models.TextField("étapes", max_length=4000, help_text="Une par ligne.")
    etat = models.CharField("état", max_length=10, choices=EtatFormat, default=EtatFormat.EN_USAGE)

    class Meta:
        verbose_name = "format"
        verbose_name_plural = "formats"
        ordering = ["nom"]

    def __str__(self) -> str:
        return self.nom

    def clean(self) -> None:
        if (self.personnes_max or 0) < (self.personnes_min or 0):
            raise ValidationError({"personnes_max": "Le plus grand nombre est plus petit que l’autre."})

    def get_absolute_url(self) -> str:
        return reverse("rencontres:format", args=[self.pk])

    @property
    def fil_avant(self) -> list[tuple[str, str]]:
        return [("Rencontres", reverse("rencontres:rencontres")), ("Formats", reverse("rencontres:formats"))]

    @property
    def en_bref(self) -> str:
        """« de 12 à 60 personnes, 1 h 30 »"""
        return f"de {self.personnes_min} à {accorder(self.personnes_max, 'personne')}, {duree(self.minutes)}"

    @property
    def liste_des_etapes(self) -> list[str]:
        return [ligne.strip() for ligne in self.etapes.splitlines() if ligne.strip()]

    def mots_de_suite(self) -> dict[str, Any]:
        return {}


class EntreeFormat(LigneDeJournal):
    """One line of the journal of a format. The database refuses to change or remove it."""

    format = CleEtrangere(Format, related_name="journal")

    class Meta(LigneDeJournal.Meta):
        verbose_name = "entrée du journal de format"
        verbose_name_plural = "journal des formats"
        triggers = [ineffacable("format")]
