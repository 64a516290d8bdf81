"""Streets of the communes, from the public file of addresses, and the imports of this file."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F
from django.utils import timezone

from participation.socle.francais import sans_accent
from participation.socle.models.champs import CleEtrangere
from participation.socle.models.territoire import Commune
from participation.socle.regles.tableaux import simplifier

NOM_MAX = 120


@lru_cache(maxsize=500)  # the file has a row for each number of a street
def simplifier_la_voie(nom: str) -> str:
    """Return what is searched: « Quai du Sacré-Cœur » is found by « sacre coeur »."""
    return simplifier(sans_accent(nom))


class Voie(models.Model):
    """A street. It is only proposed to who types a place: nothing names it."""

    commune = CleEtrangere(Commune, on_delete=models.CASCADE, related_name="voies")
    nom = models.CharField("nom", max_length=NOM_MAX)
    simple = models.CharField("nom simplifié", max_length=2 * NOM_MAX, editable=False)

    class Meta:
        verbose_name = "voie"
        ordering = ["commune__cle_tri", "simple"]
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "simple"],
                name="voie_une_par_commune",
                violation_error_message="Cette voie existe déjà dans cette commune.",
            )
        ]
        indexes = [GinIndex(OpClass(F("simple"), name="gin_trgm_ops"), name="voie_trigrammes")]

    def __str__(self) -> str:
        return f"{self.nom}, {self.commune}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.clean()
        super().save(*args, **kwargs)

    def clean(self) -> None:
        self.simple = simplifier_la_voie(self.nom)


class ImportDeVoies(models.Model):
    class Etat(models.TextChoices):
        EN_COURS = "en_cours", "en cours"
        FINI = "fini", "fini"
        ECHEC = "echec", "arrêté"

    fichier = models.FileField("fichier", upload_to="voies/%Y/%m/", blank=True)
    nom = models.CharField("nom du fichier", max_length=160)
    etat = models.CharField("état", max_length=10, choices=Etat, default=Etat.EN_COURS)
    lignes = models.PositiveIntegerField("lignes lues", default=0)
    nouvelles = models.PositiveIntegerField("voies nouvelles", default=0)
    connues = models.PositiveIntegerField("voies déjà connues", default=0)
    ailleurs = models.PositiveIntegerField("lignes d’autres communes", default=0)
    refusees = models.PositiveIntegerField("lignes refusées", default=0)
    raisons = models.JSONField("premières raisons", default=list)
    erreur = models.CharField("ce qui l’a arrêté", max_length=300, blank=True)
    par = CleEtrangere(settings.AUTH_USER_MODEL, related_name="+", verbose_name="par")
    cree_le = models.DateTimeField("envoyé le", default=timezone.now)

    class Meta:
        verbose_name = "import de voies"
        verbose_name_plural = "imports de voies"
        ordering = ["-cree_le", "-pk"]

    def __str__(self) -> str:
        return self.nom
