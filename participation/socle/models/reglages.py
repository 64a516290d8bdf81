"""Settings of the service, saved filters, kept figures, packs loaded, restores, and signs of life of the processes."""

import re
import struct
from base64 import b64encode
from datetime import datetime
from hashlib import sha256
from typing import Any, Self

from celery import current_app
from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from participation.socle.collectivite import NATURES, Collectivite, ici_plus_tard, oublier_la_collectivite
from participation.socle.francais import instant_texte
from participation.socle.models.champs import CleEtrangere
from participation.socle.models.lois import ReferenceLegale
from participation.socle.models.territoire import Commune


class UneLigne(models.Model):
    """A table of one row, which may be missing."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.pk = 1
        super().save(*args, **kwargs)

    @classmethod
    def actuel(cls) -> Self:
        return cls._default_manager.first() or cls(pk=1)


class Logo(UneLigne):
    """The picture that stands for the collectivité on pages and documents; without it, the sign of the application.

    Kept in the database, so that no machine serves it from a folder of its own. A PNG, drawn again when it is given.
    """

    png = models.BinaryField(editable=False)
    empreinte = models.CharField(max_length=12, editable=False)

    class Meta:
        verbose_name = "logo"
        verbose_name_plural = "logo"

    def __str__(self) -> str:
        return "Logo"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.empreinte = sha256(self.png).hexdigest()[:12]
        super().save(*args, **kwargs)
        oublier_la_collectivite()

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        rendu = super().delete(*args, **kwargs)
        oublier_la_collectivite()
        return rendu

    @property
    def proportion(self) -> float:
        """Width over height, as the header of a PNG says them."""
        largeur, hauteur = struct.unpack(">II", bytes(self.png[16:24]))
        return float(largeur / hauteur)

    @property
    def url_de_donnees(self) -> str:
        return f"data:image/png;base64,{b64encode(self.png).decode()}"


class ReglageService(UneLigne):
    """Who runs the site, and the facts that the legal pages must state. One row, read by `collectivite()`."""

    class Article(models.TextChoices):
        SANS = "", "sans article"
        LA = "la", "la"
        LE = "le", "le"
        ELIDE = "l’", "l’"
        LES = "les", "les"

    nom = models.CharField(
        "nom de la collectivité",
        max_length=120,
        blank=True,
        default="",
        db_default="",
        help_text="Sans article. Il est écrit sur toutes les pages, les lettres et les documents.",
    )
    article = models.CharField(
        "article devant ce nom",
        max_length=4,
        choices=Article,
        blank=True,
        default="",
        db_default="",
        help_text="Ce qui se lit devant le nom dans une phrase : « les pétitions de la Communauté… », « du Grand… ».",
    )
    nom_court = models.CharField(
        "nom court",
        max_length=40,
        blank=True,
        default="",
        db_default="",
        help_text="Pour les SMS. Vide : le nom entier.",
    )
    nature = models.CharField(
        "nature",
        max_length=14,
        choices=[(cle, nature.nom) for cle, nature in NATURES.items()],
        default="metropole",
        db_default="metropole",
        help_text="De là viennent les mots des phrases : « la Métropole » ou « la Communauté », « métropolitain » ou « communautaire ».",
    )
    conseil = models.CharField(
        "nom de l’assemblée",
        max_length=60,
        blank=True,
        default="",
        db_default="",
        validators=[
            RegexValidator(r"^conseil\b", "Commencez par « conseil » : les phrases disent « le conseil… ».")
        ],
        help_text="Sans article. Vide : le conseil et l’adjectif de la nature.",
    )
    elus = models.CharField(
        "ses élues et élus",
        max_length=80,
        blank=True,
        default="",
        db_default="",
        help_text="Au pluriel. Vide : les conseillères et conseillers, et l’adjectif de la nature.",
    )
    nom_service = models.CharField(
        "nom du service",
        max_length=120,
        default="Participation",
        help_text="Le site s’appelle de ce nom, puis de celui de la collectivité.",
    )
    editeur = models.TextField("éditeur", blank=True)
    directeur_publication = models.CharField("directeur de la publication", max_length=160, blank=True)
    hebergeur = models.TextField("hébergeur", blank=True)
    contact = models.EmailField("courriel du service", blank=True)
    adresse_postale = models.TextField(
        "adresse postale du service",
        blank=True,
        help_text="Où l’on rapporte ou renvoie un papier, par exemple une feuille de signatures.",
    )
    telephone = models.CharField("téléphone du service", max_length=30, blank=True)
    dpo = models.TextField("délégué à la protection des données", blank=True)
    voies_de_recours = models.TextField(
        "voies et délais de recours",
        blank=True,
        help_text="Repris dans les lettres de décision, l’accusé de dépôt d’une pétition et la réception d’un recours. Vide : ces lettres n’en disent rien.",
    )

    # CRPA, L212-1: a decision bears the signature of its author, with first name, name and quality.
    signataire = models.CharField(
        "qui signe les lettres de décision",
        max_length=200,
        blank=True,
        default="",
        db_default="",
        help_text=ici_plus_tard(
            "Prénom, nom et qualité, par exemple « Camille Exemple, vice-présidente chargée de la participation » "
            "({loi_signature}). Vide : ces lettres ne nomment personne."
        ),
    )

    couleur = models.CharField(
        "couleur",
        max_length=7,
        blank=True,
        default="",
        db_default="",
        validators=[
            RegexValidator(r"^#[0-9a-f]{6}$", "Écrivez « # » et six signes, par exemple « #24475a ».")
        ],
        help_text="Celle des pages communes, du pied des pages, des lettres et des documents. Elle est assombrie ou éclaircie autant "
        "qu’il faut pour rester lisible. Vide : celle de l’application.",
    )
    pied = models.CharField(
        "phrase du pied des pages",
        max_length=200,
        blank=True,
        default="",
        db_default="",
        help_text="Vide : le nombre de communes, et la règle de la réponse.",
    )

    class Meta:
        verbose_name = "réglage du service"
        verbose_name_plural = "réglages du service"
        constraints = [
            models.CheckConstraint(
                condition=Q(pk=1),
                name="reglage_une_ligne",
                violation_error_message="Les réglages tiennent en une ligne.",
            )
        ]

    def __str__(self) -> str:
        return self.collectivite().site

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        oublier_la_collectivite()

    def collectivite(self) -> Collectivite:
        return Collectivite(
            nom_ecrit=self.nom,
            nom_court=self.nom_court,
            article=self.article,
            nature=self.nature,
            conseil_ecrit=self.conseil,
            elus_ecrits=self.elus,
            service=self.nom_service,
            communes=Commune.objects.count(),
            couleur=self.couleur,
            pied_ecrit=self.pied,
            logo=Logo.objects.values_list("empreinte", flat=True).first() or "",
            lois=ReferenceLegale.dites(),
        )


class FiltreEnregistre(models.Model):
    """The filters of a list, saved under a name by an account, for that account or for the team."""

    compte = CleEtrangere(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="filtres")
    liste = models.CharField("liste", max_length=60)
    nom = models.CharField("nom", max_length=80)
    requete = models.CharField("filtres", max_length=1000)
    est_partage = models.BooleanField("partagé avec l’équipe", default=False)

    class Meta:
        verbose_name = "filtre enregistré"
        verbose_name_plural = "filtres enregistrés"
        ordering = ["nom", "pk"]
        constraints = [
            models.UniqueConstraint(
                "compte",
                "liste",
                "nom",
                name="filtre_nom_unique",
                violation_error_message="Vous avez déjà un filtre de ce nom.",
            )
        ]

    def __str__(self) -> str:
        return self.nom


class Battement(models.Model):
    """Last sign of life of a process that no request can see: the worker, the scheduler (Celery beat)."""

    nom = models.CharField("nom", max_length=40, primary_key=True)
    le = models.DateTimeField("le", default=timezone.now)

    class Meta:
        verbose_name = "battement"

    def __str__(self) -> str:
        return self.nom


class Passage(models.Model):
    """What became of a task: the periodic ones always, the others (with their `arguments`) while they fail."""

    tache = models.CharField("tâche", max_length=100)
    arguments = models.CharField("arguments", max_length=200, blank=True)
    le = models.DateTimeField("dernière réussite", default=timezone.now)  # or the first time it was known
    essai_le = models.DateTimeField("dernier essai", default=timezone.now)
    echecs = models.PositiveSmallIntegerField("échecs de suite", default=0)
    erreur = models.CharField("raison du dernier échec", max_length=300, blank=True)

    class Meta:
        verbose_name = "passage d’une tâche"
        constraints = [
            models.UniqueConstraint(
                "tache",
                "arguments",
                name="passage_unique",
                violation_error_message="Le passage de cette tâche est déjà noté.",
            )
        ]

    def __str__(self) -> str:
        return self.tache

    @property
    def quoi(self) -> str:
        """What the task does (`dit`) and the number of its row. A key is never shown."""
        current_app.loader.import_default_modules()  # a web process may not have read them
        mots = getattr(current_app.tasks.get(self.tache), "dit", self.tache)
        numero = re.fullmatch(r"\[([0-9]{1,18})\]", self.arguments)
        return f"{mots}, n° {numero[1]}" if numero else mots


class DossierDesFichiers(UneLigne):
    """The mark written in the one folder of files that goes with this database (`socle.partage`)."""

    marque = models.CharField("marque", max_length=40)

    class Meta:
        verbose_name = "dossier des fichiers"

    def __str__(self) -> str:
        return self.marque


class ChiffreTenu(models.Model):
    """The last count of a figure (`socle.lectures.chiffres`), with its time."""

    cle = models.CharField("chiffre", max_length=100, primary_key=True)
    valeur = models.JSONField("valeur")
    le = models.DateTimeField("compté le")

    class Meta:
        verbose_name = "chiffre tenu"
        verbose_name_plural = "chiffres tenus"

    def __str__(self) -> str:
        return self.cle


class PartieChargee(models.Model):
    """A part of a local pack (`territoire`, then one for each app) that this base has had. `paquet`: its name."""

    partie = models.CharField("partie", max_length=40, primary_key=True)
    paquet = models.CharField("paquet", max_length=80, blank=True)
    le = models.DateTimeField("chargée le", default=timezone.now)

    class Meta:
        verbose_name = "partie chargée du paquet local"
        verbose_name_plural = "parties chargées du paquet local"

    def __str__(self) -> str:
        return self.partie


class RestaurationQuerySet(models.QuerySet["Restauration"]):
    def derniere(self) -> "Restauration | None":
        return self.order_by("-le").first()

    def derniere_le(self) -> datetime | None:
        """Return the instant of the last restore."""
        return self.order_by("-le").values_list("le", flat=True).first()

    def numero_apres(self, dernier: int, *, donne_le: datetime) -> int:
        """Return the number that follows the last one of a series: far ahead when it was given before a restore.

        Numbers given since the backup are then given to nobody else. `donne_le`: instant when the last number
        was given, or when the series began.
        """
        restauration = self.filter(le__gt=donne_le).order_by("-le").first()
        return dernier + 1 + (restauration.marge if restauration is not None else 0)

    def reference_apres(self, serie: str, derniere: int) -> int:
        """Return the number of the next reference of a series such as « PET-2026- »."""
        plancher = (
            self.filter(planchers__has_key=serie).order_by("-le").values_list("planchers", flat=True).first()
        )
        return max(derniere, int((plancher or {}).get(serie, 0))) + 1


class Restauration(models.Model):
    """A restore, written by the command `apres_restauration`."""

    sauvegarde_le = models.DateTimeField("sauvegarde du")
    le = models.DateTimeField("restaurée le", default=timezone.now)
    marge = models.PositiveIntegerField("numéros sautés dans chaque série")
    planchers = models.JSONField("dernier numéro possible de chaque série de références", default=dict)

    objects = RestaurationQuerySet.as_manager()

    class Meta:
        verbose_name = "restauration"
        ordering = ["-le"]

    def __str__(self) -> str:
        return f"restauration du {instant_texte(self.le)}"
