"""Reference tables of the remontées: categories, outside bodies, routing rules, dated règlement."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Lower

from participation.socle.francais import minuscule
from participation.socle.models import (
    CleEtrangere,
    Commune,
    Compte,
    Direction,
    Joignable,
    Quartier,
    Reglement,
    ReglementQuerySet,
)
from remontees.workflow import Canal


class Organisme(Joignable):
    """Body outside the metropolis: a commune, the Département, a landlord, an operator."""

    SANS_ADRESSE = "Une remontée n’est pas transmise à ces organismes : la personne est seulement orientée."
    ADRESSE_PEUT_ATTENDRE = True

    class Nature(models.TextChoices):
        COMMUNE = "commune", "commune"
        DEPARTEMENT = "departement", "département"
        REGION = "region", "région"
        ETAT = "etat", "État"
        MOBILITES = "mobilites", "autorité des mobilités"
        BAILLEUR = "bailleur", "bailleur"
        OPERATEUR = "operateur", "opérateur"
        AUTRE = "autre", "autre organisme"

    nom = models.CharField("nom", max_length=160)
    nature = models.CharField("nature", max_length=12, choices=Nature, default=Nature.AUTRE)
    commune = CleEtrangere(
        Commune, null=True, related_name="organismes", help_text="Quand il n’agit que dans une commune."
    )
    courriel = models.EmailField(
        "courriel", blank=True, help_text="Où transmettre, avec l’accord de la personne."
    )
    adresse_web = models.URLField("page où s’adresser à lui", blank=True)
    telephone = models.CharField("téléphone", max_length=30, blank=True)
    est_actif = models.BooleanField("actif", default=True)

    class Meta:
        verbose_name = "organisme"
        ordering = ["nature", "nom"]
        constraints = [
            models.UniqueConstraint(
                Lower("nom"),
                name="organisme_nom_unique",
                violation_error_message="Cet organisme existe déjà.",
            )
        ]

    def __str__(self) -> str:
        return self.nom

    @classmethod
    def a_joindre(cls) -> "models.QuerySet[Organisme]":
        return cls.objects.filter(est_actif=True).select_related("commune").order_by("nature", "nom")

    @property
    def tient_l_adresse(self) -> Joignable:
        est_la_mairie = self.nature == self.Nature.COMMUNE and self.commune is not None
        return self.commune if est_la_mairie and self.commune else self


class CategorieQuerySet(models.QuerySet["Categorie"]):
    def par_theme(self) -> Self:
        """Order by theme, each theme before its categories; `parent` is joined."""
        theme = Coalesce("parent__ordre", "ordre"), Coalesce("parent__nom", "nom"), Coalesce("parent", "pk")
        return self.select_related("parent").order_by(
            *theme, F("parent").asc(nulls_first=True), "ordre", "nom"
        )


class Categorie(models.Model):
    """Category, on two levels: a theme, then a category. `code`: its service code in Open311."""

    code = models.SlugField("code", max_length=60, unique=True)
    nom = models.CharField("nom", max_length=120)
    parent = CleEtrangere("self", null=True, related_name="sous_categories", verbose_name="thème")
    description = models.CharField(
        "description",
        max_length=300,
        blank=True,
        help_text="Une ligne, avec les mots que les gens emploient : elle sert à proposer la catégorie.",
    )
    direction = CleEtrangere(
        Direction, null=True, related_name="categories_remontees", verbose_name="direction qui s’en occupe"
    )
    est_metropolitaine = models.BooleanField("de notre ressort", default=True)
    organisme = CleEtrangere(
        Organisme,
        null=True,
        related_name="categories",
        verbose_name="organisme compétent",
        help_text="Quand ce n’est pas nous. Vide pour une commune : c’est celle du lieu.",
    )
    adresse_demarche = models.URLField(
        "démarche en ligne",
        blank=True,
        help_text="Proposée avant d’écrire : la démarche traite la demande plus vite qu’une remontée.",
    )
    conseil = models.CharField(
        "à dire avant d’écrire",
        max_length=400,
        blank=True,
        help_text="Par exemple : en cas de danger, appelez le 112.",
    )
    ordre = models.PositiveSmallIntegerField("ordre", default=0)
    est_active = models.BooleanField("proposée", default=True)

    objects = CategorieQuerySet.as_manager()

    class Meta:
        verbose_name = "catégorie"
        ordering = ["ordre", "nom"]
        constraints = [
            models.UniqueConstraint(
                "parent",
                Lower("nom"),
                name="categorie_nom_unique",
                violation_error_message="Cette catégorie existe déjà dans ce thème.",
            ),
            models.CheckConstraint(
                condition=Q(est_metropolitaine=True) | Q(direction__isnull=True),
                name="categorie_un_seul_ressort",
                violation_error_message="Une catégorie hors de notre ressort n’a pas de direction.",
            ),
        ]

    def __str__(self) -> str:
        return self.nom

    @property
    def chemin(self) -> str:
        """Full name: « Voirie, trou dans la chaussée »."""
        return f"{self.parent}, {minuscule(self.nom)}" if self.parent else self.nom

    @property
    def theme(self) -> str:
        return (self.parent or self).nom


class RegleDeRoutage(models.Model):
    """Rule that gives the remontées of a category, place and channel to directions.

    An empty column means any; the first rule that fits applies.
    """

    ordre = models.PositiveSmallIntegerField("ordre", default=100)
    categorie = CleEtrangere(Categorie, null=True, related_name="regles", verbose_name="catégorie")
    commune = CleEtrangere(Commune, null=True, related_name="regles_de_routage")
    quartier = CleEtrangere(Quartier, null=True, related_name="regles_de_routage")
    canal = models.CharField("canal", max_length=10, choices=Canal, blank=True)
    directions = models.ManyToManyField(
        Direction, related_name="regles_de_routage", verbose_name="directions"
    )
    referent = CleEtrangere(
        Compte, null=True, related_name="regles_de_routage", verbose_name="agent chargé du suivi"
    )
    delai_jours = models.PositiveSmallIntegerField(
        "délai de réponse (jours ouvrés)", null=True, blank=True, help_text="Vide : celui du règlement."
    )
    est_active = models.BooleanField("appliquée", default=True)

    class Meta:
        verbose_name = "règle de routage"
        verbose_name_plural = "règles de routage"
        ordering = ["ordre", "pk"]

    def __str__(self) -> str:
        ou = [str(mot) for mot in (self.categorie, self.quartier or self.commune) if mot]
        if self.canal:
            ou.append(str(self.get_canal_display()))
        return f"{self.ordre}. {', '.join(ou) or 'tout le reste'}"


class ReglementRemontees(Reglement):
    """Delays of the service. No law sets them: the metropolis chooses them and says so in `source`."""

    delai_tri_jours = models.PositiveSmallIntegerField(
        "délai pour trier, puis pour écrire la réponse une fois les services entendus (jours ouvrés)",
        default=3,
    )
    delai_service_jours = models.PositiveSmallIntegerField("réponse d’un service (jours ouvrés)", default=15)
    escalade_jours = models.PositiveSmallIntegerField(
        "alerte de la direction après le retard (jours)", default=7
    )
    satisfaction_jours = models.PositiveSmallIntegerField(
        "question de satisfaction après la réponse (jours)", default=7
    )
    cloture_jours = models.PositiveSmallIntegerField("clôture après la réponse (jours)", default=30)
    reouvertures_par_courriel = models.PositiveSmallIntegerField(
        "réouvertures par courriel, au plus", default=3
    )
    conservation_mois = models.PositiveSmallIntegerField(
        "conservation des coordonnées après la réponse (mois)", default=12
    )
    secret_statistique = models.PositiveSmallIntegerField("plus petit nombre publié", default=5)

    objects = ReglementQuerySet["ReglementRemontees"].as_manager()

    class Meta(Reglement.Meta):
        verbose_name = "règlement des remontées"
        verbose_name_plural = "règlements des remontées"
