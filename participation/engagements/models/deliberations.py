"""A délibération of the assembly, as its published file says it, and its takeovers."""

from django.db import models
from django.urls import reverse
from django.utils import timezone

from participation.engagements.models.propositions import Collectif
from participation.socle.models import CleEtrangere, CleUnique, Compte


class Deliberation(models.Model):
    """In the 17 fields of the SCDL schema 2.1.4. Dossiers, suites and engagements are tied to it by its number."""

    numero = models.CharField("numéro", max_length=120, unique=True)
    date = models.DateField("date")
    objet = models.TextField("objet")
    matiere_code = models.CharField("code de la matière", max_length=20, blank=True)
    matiere = models.CharField("matière", max_length=200, blank=True)
    collectivite = models.CharField("collectivité", max_length=200, blank=True)
    siret = models.CharField("SIRET", max_length=14, blank=True)
    budget_annee = models.CharField("année du budget", max_length=10, blank=True)
    budget_nom = models.CharField("budget", max_length=200, blank=True)
    prefecture_numero = models.CharField("numéro en préfecture", max_length=120, blank=True)
    prefecture_date = models.DateField("reçue en préfecture le", null=True, blank=True)
    vote_effectif = models.PositiveIntegerField("effectif", null=True, blank=True)
    vote_reel = models.PositiveIntegerField("votants", null=True, blank=True)
    vote_pour = models.PositiveIntegerField("pour", null=True, blank=True)
    vote_contre = models.PositiveIntegerField("contre", null=True, blank=True)
    vote_abstention = models.PositiveIntegerField("abstentions", null=True, blank=True)
    adresse = models.URLField("adresse", max_length=400, blank=True)
    importee_le = models.DateTimeField("reprise le", default=timezone.now)

    class Meta:
        verbose_name = "délibération"
        ordering = ["-date", "numero"]

    def __str__(self) -> str:
        return f"n° {self.numero}"

    def get_public_url(self) -> str:
        return reverse("engagements:deliberation", args=[self.pk])


class RefusDeDeliberations(models.Model):
    """The rows refused in the last file that an agent took up, to be corrected and taken up again."""

    par = CleUnique(Compte, on_delete=models.CASCADE, related_name="+", verbose_name="par")
    entetes = models.JSONField("colonnes", default=list)
    refus = models.JSONField("lignes refusées", default=list)
    le = models.DateTimeField("repris le", default=timezone.now)

    class Meta:
        verbose_name = "lignes refusées d’un fichier de délibérations"
        verbose_name_plural = "lignes refusées des fichiers de délibérations"

    def __str__(self) -> str:
        return f"lignes refusées de {self.par}"


class Reprise(models.Model):
    class Etat(models.TextChoices):
        A_RELIER = "a_relier", "colonnes à relier"
        FINIE = "finie", "finie"

    collectif = CleEtrangere(Collectif, related_name="reprises")
    nom = models.CharField("nom du fichier", max_length=160)
    entetes = models.JSONField("colonnes", default=list)
    # Emptied once they are taken up: refused ones stay apart, until they are taken up from another table.
    lignes = models.JSONField("lignes à lire", default=list)
    relies = models.JSONField("colonnes reliées", default=dict)
    etat = models.CharField("état", max_length=10, choices=Etat, default=Etat.A_RELIER)
    total = models.PositiveIntegerField("lignes", default=0)
    neuves = models.PositiveIntegerField("propositions notées", default=0)
    refus = models.JSONField("lignes refusées", default=list)
    par = CleEtrangere(Compte, related_name="+", verbose_name="par")
    cree_le = models.DateTimeField("envoyé le", default=timezone.now)

    class Meta:
        verbose_name = "reprise d’un tableau"
        verbose_name_plural = "reprises de tableaux"
        ordering = ["-cree_le", "-pk"]

    def __str__(self) -> str:
        return self.nom

    def get_absolute_url(self) -> str:
        return reverse("engagements:reprise", args=[self.pk])
