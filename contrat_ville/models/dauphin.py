"""Imports from Dauphin: the file, its rows, the dossiers built from them, the last values of each action."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from contrat_ville.models.cadre import Axe, Objectif, Partenaire
from contrat_ville.models.projets import Projet
from participation.socle.models import CleEtrangere, CleUnique, Compte, Quartier

CHEMIN = "contrat_ville/dauphin/%Y/%m/"


class ImportDauphin(models.Model):
    """An import: read, examined (no projet changes), then applied once an agent has read the report."""

    class Etat(models.TextChoices):
        A_LIRE = "a_lire", "lecture du fichier"
        ILLISIBLE = "illisible", "fichier illisible"
        A_RELIER = "a_relier", "colonnes à relier"
        LECTURE = "lecture", "lecture des lignes"
        EXAMEN = "examen", "examen des dossiers"
        A_APPLIQUER = "a_appliquer", "rapport à lire"
        APPLICATION = "application", "application en cours"
        FINI = "fini", "appliqué"
        ABANDONNE = "abandonne", "abandonné"

    EN_TRAIN: ClassVar[frozenset[str]] = frozenset({Etat.A_LIRE, Etat.LECTURE, Etat.EXAMEN, Etat.APPLICATION})

    fichier = models.FileField("fichier", upload_to=CHEMIN)
    nom = models.CharField("nom du fichier", max_length=160)
    empreinte = models.CharField("empreinte", max_length=64)
    encodage = models.CharField("encodage", max_length=20)
    separateur = models.CharField("séparateur", max_length=1, blank=True)
    entetes = models.JSONField("colonnes", default=list)
    extrait = models.JSONField("premières lignes", null=True, blank=True)
    erreur = models.CharField(
        "pourquoi il ne se lit pas", max_length=300, blank=True, default="", db_default=""
    )
    relies = models.JSONField("colonnes reliées", default=dict)
    exercice = models.PositiveSmallIntegerField(
        "exercice des lignes qui ne le disent pas", null=True, blank=True
    )
    etat = models.CharField("état", max_length=12, choices=Etat, default=Etat.A_RELIER)
    total = models.PositiveIntegerField("lignes", default=0)
    lues = models.PositiveIntegerField("lignes lues", default=0)
    par = CleEtrangere(Compte, related_name="+", verbose_name="par")
    cree_le = models.DateTimeField("envoyé le", default=timezone.now)
    fini_le = models.DateTimeField("appliqué le", null=True, blank=True)
    efface_le = models.DateTimeField("fichier effacé le", null=True, blank=True)

    class Meta:
        verbose_name = "import de Dauphin"
        verbose_name_plural = "imports de Dauphin"
        ordering = ["-cree_le", "-pk"]

    def __str__(self) -> str:
        return self.nom

    def get_absolute_url(self) -> str:
        return reverse("contrat_ville:import_dauphin", args=[self.pk])

    @property
    def est_en_train(self) -> bool:
        return self.etat in self.EN_TRAIN


class DossierImporteQuerySet(models.QuerySet["DossierImporte"]):
    def a_appliquer(self) -> Self:
        """Return the dossiers to apply: examined, not refused, with a choice where one is needed."""
        rejete, a_joindre = DossierImporte.Sort.REJETE, DossierImporte.Sort.A_JOINDRE
        return (
            self.filter(est_examine=True, applique_le__isnull=True)
            .exclude(sort=rejete)
            .exclude(choix=DossierImporte.Choix.IGNORER)
            .exclude(sort=a_joindre, choix="")
        )

    def a_decider(self) -> Self:
        return self.filter(sort=DossierImporte.Sort.A_JOINDRE, choix="", applique_le__isnull=True)

    def compter(self) -> dict[str, int]:
        """Return the number of dossiers of each `sort`, with the keys `faits` (applied) and `total`."""
        lignes = self.values("sort").annotate(
            n=Count("pk"), faits=Count("pk", filter=Q(applique_le__isnull=False))
        )
        comptes = dict.fromkeys(DossierImporte.Sort.values, 0) | {"faits": 0, "total": 0}
        for ligne in lignes:
            comptes[ligne["sort"]] = comptes.get(ligne["sort"], 0) + ligne["n"]
            comptes["faits"] += ligne["faits"]
            comptes["total"] += ligne["n"]
        return comptes


class DossierImporte(models.Model):
    """One action of a file for one year: what was read, what would change, the choice of the agent."""

    class Sort(models.TextChoices):
        NOUVEAU = "nouveau", "nouveau"
        MODIFIE = "modifie", "modifié"
        INCHANGE = "inchange", "inchangé"
        A_JOINDRE = "a_joindre", "peut-être déjà déposé ici"
        REJETE = "rejete", "refusé"

    class Choix(models.TextChoices):
        JOINDRE = "joindre", "Joindre au projet déposé ici"
        CREER = "creer", "Créer un projet à part"
        DAUPHIN = "dauphin", "Prendre ce que dit Dauphin"
        IGNORER = "ignorer", "Ne rien faire"

    import_dauphin = CleEtrangere(ImportDauphin, on_delete=models.CASCADE, related_name="dossiers")
    code = models.CharField("référence administrative", max_length=20)
    exercice = models.PositiveSmallIntegerField("exercice")
    rang = models.PositiveIntegerField("première ligne")
    est_examine = models.BooleanField("examiné", default=False)
    sort = models.CharField("sort", max_length=10, choices=Sort, blank=True)
    raison = models.CharField("raison du refus", max_length=300, blank=True)
    lu = models.JSONField("ce qui est lu", default=dict)
    remarques = models.JSONField("remarques", default=list)
    ecarts = models.JSONField("ce qui change", default=list)
    projet = CleEtrangere(Projet, null=True, related_name="dossiers_importes")
    candidat = CleEtrangere(Projet, null=True, related_name="+", verbose_name="projet semblable")
    choix = models.CharField("choix", max_length=8, choices=Choix, blank=True)
    applique_le = models.DateTimeField("appliqué le", null=True, blank=True)

    objects: ClassVar[Any] = DossierImporteQuerySet.as_manager()

    class Meta:
        verbose_name = "dossier importé"
        verbose_name_plural = "dossiers importés"
        ordering = ["rang"]
        constraints = [
            models.UniqueConstraint(
                fields=["import_dauphin", "code", "exercice"],
                name="dossier_importe_unique",
                violation_error_message="Ce dossier est déjà dans cet import.",
            )
        ]
        indexes = [models.Index(fields=["import_dauphin", "sort", "rang"], name="dossier_importe_sort")]

    def __str__(self) -> str:
        return f"{self.code} ({self.exercice})"

    def get_absolute_url(self) -> str:
        return reverse("contrat_ville:dossier_importe", args=[self.import_dauphin_id, self.pk])

    @property
    def titre(self) -> str:
        return str(self.lu.get("donnees", {}).get("titre", ""))

    @property
    def porteur(self) -> str:
        return str(self.lu.get("donnees", {}).get("porteur.nom", ""))

    @property
    def a_un_detail(self) -> bool:
        """Whether there is something to show besides its `sort`."""
        return bool(self.raison or self.choix or self.ecarts or self.remarques)

    @property
    def a_conflit(self) -> bool:
        return any(ecart["est_conflit"] for ecart in self.ecarts)


class LigneImportee(models.Model):
    """A row of the file, unchanged, with the reason if it is refused."""

    import_dauphin = CleEtrangere(ImportDauphin, on_delete=models.CASCADE, related_name="lignes")
    dossier = CleEtrangere(DossierImporte, null=True, on_delete=models.CASCADE, related_name="lignes")
    numero = models.PositiveIntegerField("ligne")
    valeurs = models.JSONField("valeurs", default=list)
    raison = models.CharField("raison du refus", max_length=300, blank=True)

    class Meta:
        verbose_name = "ligne importée"
        verbose_name_plural = "lignes importées"
        ordering = ["numero"]
        constraints = [
            models.UniqueConstraint(
                fields=["import_dauphin", "numero"],
                name="ligne_importee_unique",
                violation_error_message="Cette ligne est déjà dans cet import.",
            )
        ]

    def __str__(self) -> str:
        return f"ligne {self.numero}"


class ActionDauphin(models.Model):
    """The action of Dauphin linked to a projet, with its last values, to compare with the next file."""

    projet = CleUnique(Projet, related_name="action_dauphin", on_delete=models.CASCADE)
    code = models.CharField("référence administrative", max_length=20)
    exercice = models.PositiveSmallIntegerField("exercice")
    statut = models.CharField("statut dans Dauphin", max_length=80, blank=True)
    vus = models.JSONField("ce que disait le dernier fichier", default=dict)
    vu_le = models.DateTimeField("vu le", default=timezone.now)

    class Meta:
        verbose_name = "action de Dauphin"
        verbose_name_plural = "actions de Dauphin"
        ordering = ["-exercice", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "exercice"],
                name="action_dauphin_unique",
                violation_error_message="Ce numéro Dauphin est déjà celui d’un projet de cette année.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} ({self.exercice})"


class ColonnesDauphin(models.Model):
    """Mapping of the columns used the last time for files with these columns."""

    empreinte = models.CharField("empreinte des colonnes", max_length=64, primary_key=True)
    relies = models.JSONField("colonnes reliées", default=dict)
    le = models.DateTimeField("le", default=timezone.now)

    class Meta:
        verbose_name = "colonnes reliées de Dauphin"
        verbose_name_plural = "colonnes reliées de Dauphin"

    def __str__(self) -> str:
        return ", ".join(self.relies.values())


class CorrespondanceDauphin(models.Model):
    """What a word of the files of one year is here, as an agent said it: nothing is guessed.

    Without target, a thématique has no axe here, and a quartier is none of ours.
    """

    class Quoi(models.TextChoices):
        FINANCEUR = "financeur", "financeur"
        THEMATIQUE = "thematique", "thématique"
        QUARTIER = "quartier", "quartier"

    annee = models.PositiveSmallIntegerField("année")
    quoi = models.CharField("quoi", max_length=10, choices=Quoi)
    mot = models.CharField("dans Dauphin", max_length=200)
    cle = models.CharField("mot simplifié", max_length=200, editable=False)
    financeur = CleEtrangere(Partenaire, null=True, related_name="+")
    axe = CleEtrangere(Axe, null=True, related_name="+")
    objectif = CleEtrangere(Objectif, null=True, related_name="+")
    quartier = CleEtrangere(Quartier, null=True, related_name="+")
    est_culture = models.BooleanField("culture", default=False)
    est_participation = models.BooleanField("participation citoyenne", default=False)
    par = CleEtrangere(Compte, related_name="+", verbose_name="dit par")
    le = models.DateTimeField("le", default=timezone.now)

    class Meta:
        verbose_name = "correspondance avec Dauphin"
        verbose_name_plural = "correspondances avec Dauphin"
        ordering = ["-annee", "quoi", "mot"]
        constraints = [
            models.UniqueConstraint(
                fields=["annee", "quoi", "cle"],
                name="correspondance_dauphin_unique",
                violation_error_message="Ce mot a déjà sa correspondance cette année.",
            ),
            models.CheckConstraint(
                condition=~Q(quoi="financeur") | Q(financeur__isnull=False),
                name="correspondance_dauphin_financeur_dit",
                violation_error_message="Dites quel financeur c’est.",
            ),
        ]

    def __str__(self) -> str:
        return f"« {self.mot} » : {self.ici}"

    @property
    def ici(self) -> str:
        """What the word is here, in words."""
        cible = self.financeur or self.quartier or self.objectif or self.axe
        dits = [
            str(cible) if cible else "rien ici",
            "culture" if self.est_culture else "",
            "participation citoyenne" if self.est_participation else "",
        ]
        return ", ".join(dit for dit in dits if dit)
