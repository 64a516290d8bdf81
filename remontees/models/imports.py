"""Import of a table of posts: the file, the mapping of its columns, its progress, the rows refused."""

from django.db import models
from django.urls import reverse
from django.utils import timezone

from participation.socle.models import CleEtrangere, Compte

CHEMIN = "remontees/imports/%Y/%m/"


class Import(models.Model):
    class Etat(models.TextChoices):
        A_LIRE = "a_lire", "lecture du fichier"
        A_RELIER = "a_relier", "colonnes à relier"
        EN_COURS = "en_cours", "en cours"
        FINI = "fini", "fini"
        ECHEC = "echec", "arrêté"

    fichier = models.FileField("fichier", upload_to=CHEMIN)
    nom = models.CharField("nom du fichier", max_length=160)
    encodage = models.CharField("encodage", max_length=20)
    separateur = models.CharField("séparateur", max_length=1)
    entetes = models.JSONField("colonnes", default=list)
    extrait = models.JSONField("premières lignes", null=True, blank=True)
    relies = models.JSONField("colonnes reliées", default=dict)
    etat = models.CharField("état", max_length=10, choices=Etat, default=Etat.A_RELIER)
    total = models.PositiveIntegerField("lignes", default=0)
    lues = models.PositiveIntegerField("lignes lues", default=0)
    nouvelles = models.PositiveIntegerField("nouvelles", default=0)
    doublons = models.PositiveIntegerField("déjà reçues", default=0)
    rejetees = models.PositiveIntegerField("refusées", default=0)
    par = CleEtrangere(Compte, related_name="+", verbose_name="par")
    cree_le = models.DateTimeField("envoyé le", default=timezone.now)
    fini_le = models.DateTimeField("fini le", null=True, blank=True)
    erreur = models.CharField("ce qui l’a arrêté", max_length=300, blank=True)

    class Meta:
        verbose_name = "import"
        ordering = ["-cree_le", "-pk"]

    def __str__(self) -> str:
        return self.nom

    def get_absolute_url(self) -> str:
        return reverse("remontees:import_fichier", args=[self.pk])

    @property
    def est_en_train(self) -> bool:
        return self.etat in {self.Etat.A_LIRE, self.Etat.EN_COURS}

    @property
    def pour_cent(self) -> int:
        return 100 * self.lues // self.total if self.total else 100


class LigneRejetee(models.Model):
    import_fichier = CleEtrangere(Import, on_delete=models.CASCADE, related_name="lignes_rejetees")
    numero = models.PositiveIntegerField("ligne")
    valeurs = models.JSONField("valeurs", default=list)
    raison = models.CharField("raison", max_length=300)

    class Meta:
        verbose_name = "ligne refusée"
        verbose_name_plural = "lignes refusées"
        ordering = ["numero"]

    def __str__(self) -> str:
        return f"ligne {self.numero} : {self.raison}"


class ColonnesReliees(models.Model):
    """Last mapping used for a table with these columns."""

    empreinte = models.CharField("empreinte des colonnes", max_length=64, primary_key=True)
    relies = models.JSONField("colonnes reliées", default=dict)
    le = models.DateTimeField("le", default=timezone.now)

    class Meta:
        verbose_name = "colonnes reliées"
        verbose_name_plural = "colonnes reliées"

    def __str__(self) -> str:
        return ", ".join(self.relies.values())
