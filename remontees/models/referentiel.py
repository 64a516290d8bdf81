"""Reference tables of the remontées: categories, outside bodies, models of answer, routing rules and training, dated règlement."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Lower
from django.utils import timezone

from participation.socle.francais import jour_texte, minuscule
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
from remontees.workflow import Canal, Etat, EtatSujet, Issue


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

    LIBELLES_PUBLICS = ("nom", "conseil")

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


# États in which an answer may be written, for a remontée; then those of a sujet, and their equivalent.
ETATS = [(etat.value, etat.label) for etat in (Etat.NOUVELLE, Etat.TRANSMISE, Etat.A_REPONDRE)]
ETAT_DU_SUJET = {
    EtatSujet.OUVERT: Etat.NOUVELLE,
    EtatSujet.TRANSMIS: Etat.TRANSMISE,
    EtatSujet.A_REPONDRE: Etat.A_REPONDRE,
}


class ModeleDeReponse(models.Model):
    """Model of an answer. An empty choice means any. An agent reads and edits the text before it is sent."""

    nom = models.CharField(
        "nom", max_length=80, unique=True, error_messages={"unique": "Un modèle porte déjà ce nom."}
    )
    categorie = CleEtrangere(Categorie, null=True, related_name="modeles", verbose_name="catégorie")
    etat = models.CharField("état de la remontée", max_length=12, choices=ETATS, blank=True)
    issue = models.CharField("ce qu’il en devient", max_length=12, choices=Issue, blank=True)
    texte = models.TextField("texte")
    est_actif = models.BooleanField("proposé", default=True)
    modifie_par = CleEtrangere(Compte, null=True, related_name="+", verbose_name="modifié par")
    modifie_le = models.DateTimeField("modifié le", default=timezone.now)

    class Meta:
        verbose_name = "modèle de réponse"
        verbose_name_plural = "modèles de réponse"
        ordering = ["nom"]

    def __str__(self) -> str:
        return self.nom


class Apprentissage(models.Model):
    """Result of one night's training, with its accuracy on unseen texts. The last row proposes categories."""

    appris_le = models.DateTimeField("appris le", default=timezone.now)
    exemples = models.PositiveIntegerField("remontées lues", default=0)
    mesures = models.PositiveIntegerField("remontées mises de côté pour mesurer", default=0)
    premiere = models.PositiveIntegerField("première proposition juste", default=0)
    parmi_trois = models.PositiveIntegerField("juste parmi les trois", default=0)
    frequente = models.PositiveIntegerField("juste en disant toujours la plus fréquente", default=0)
    secondes = models.FloatField("durée (secondes)", default=0)
    par_categorie = models.JSONField("par catégorie", default=dict)
    modele = models.JSONField("modèle", default=dict)

    class Meta:
        verbose_name = "apprentissage"
        ordering = ["-appris_le", "-pk"]

    def __str__(self) -> str:
        return f"apprentissage du {jour_texte(self.appris_le, 'chiffres')}"


class ChangementDeRegle(models.Model):
    """One change of a routing rule: author, date, values before and after. Never modified."""

    regle = CleEtrangere(RegleDeRoutage, related_name="changements", verbose_name="règle")
    par = CleEtrangere(Compte, null=True, related_name="+")
    le = models.DateTimeField("le", default=timezone.now)
    avant = models.JSONField("avant", default=dict)
    apres = models.JSONField("après", default=dict)
    deplacees = models.PositiveSmallIntegerField("remontées récentes qui iraient ailleurs", default=0)

    class Meta:
        verbose_name = "changement d’une règle de routage"
        verbose_name_plural = "changements des règles de routage"
        ordering = ["-le", "-pk"]

    def __str__(self) -> str:
        return f"{self.regle} le {jour_texte(self.le, 'chiffres')}"
