"""Communes, quartiers prioritaires and their contours, directions: bodies to which the service writes, at an address written once."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse

from participation.socle.collectivite import oublier_la_collectivite
from participation.socle.erreurs import Manque
from participation.socle.francais import lieu, sans_accent
from participation.socle.models.champs import CleEtrangere, CleUnique


class Joignable(models.Model):
    """Base of a body with a `courriel`: direction, commune, organisme, partner.

    All of them are listed on the page of addresses, where an agent writes the address.
    """

    courriel: Any
    # What does not work without an address, in a sentence, and whether the site serves without it.
    SANS_ADRESSE: ClassVar[str]
    ADRESSE_PEUT_ATTENDRE: ClassVar[bool] = False

    class Meta:
        abstract = True

    @classmethod
    def a_joindre(cls) -> "models.QuerySet[Any, Any]":
        """Return those that may be written to today, with what `tient_l_adresse` reads."""
        raise NotImplementedError

    @property
    def tient_l_adresse(self) -> "Joignable":
        """Return the body whose address is also this one's: a town hall is a commune before it is a partner."""
        return self

    def adresses(self) -> list[str]:
        """Return where to write: to who holds the address, else at an address of its own."""
        tenues = self.tient_l_adresse.adresses() if self.tient_l_adresse is not self else []
        return tenues or ([self.courriel] if self.courriel else [])

    @property
    def url_adresse(self) -> str:
        corps = self.tient_l_adresse
        return reverse("socle:ecrire_adresse", args=[corps._meta.model_name, corps.pk])

    def sans_adresse(self, suite: str = "") -> Manque:
        """Return why nothing can be written to it, with the page where an agent gives the address."""
        return Manque(f"{self} n’a pas d’adresse électronique : complétez sa fiche{suite}.", self.url_adresse)


class Commune(Joignable):
    SANS_ADRESSE = "Rien ne peut être demandé à ces mairies, ni transmis."

    code_insee = models.CharField("code Insee", max_length=5, primary_key=True)
    nom = models.CharField("nom", max_length=80)
    cle_tri = models.CharField(
        "clé de tri",
        max_length=80,
        editable=False,
        help_text="Nom sans accent, en minuscules : l’ordre français.",
    )
    sigle = models.CharField("sigle", max_length=4, help_text="Trois lettres, pour la carte par tuiles.")
    siren = models.CharField("SIREN", max_length=9, blank=True)
    codes_postaux = ArrayField(
        models.CharField(max_length=5), verbose_name="codes postaux", default=list, blank=True
    )
    population = models.PositiveIntegerField("population")
    longitude = models.FloatField("longitude")
    latitude = models.FloatField("latitude")
    tuile_x = models.PositiveSmallIntegerField("colonne de la tuile")
    tuile_y = models.PositiveSmallIntegerField("ligne de la tuile")
    courriel = models.EmailField(
        "courriel de la mairie",
        blank=True,
        help_text="Où arrivent les demandes d’avis. Vide : aucune ne peut lui être envoyée.",
    )

    class Meta:
        verbose_name = "commune"
        ordering = ["cle_tri"]
        constraints = [
            models.UniqueConstraint(
                "tuile_x",
                "tuile_y",
                name="commune_une_par_tuile",
                violation_error_message="Une autre commune occupe déjà cette tuile.",
            ),
            models.UniqueConstraint(
                "sigle",
                name="commune_sigle_unique",
                violation_error_message="Une autre commune porte déjà ce sigle.",
            ),
        ]

    def __str__(self) -> str:
        return self.nom

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.cle_tri = sans_accent(self.nom)
        super().save(*args, **kwargs)
        oublier_la_collectivite()  # it says how many communes there are

    @property
    def en_phrase(self) -> str:
        """Name inside a sentence: « Échirolles », « le Gua » (small letter for an article that contracts)."""
        return lieu(self.nom)

    @classmethod
    def a_joindre(cls) -> "models.QuerySet[Commune]":
        return cls.objects.order_by("cle_tri").prefetch_related("appartenances__compte")

    def adresses(self) -> list[str]:
        """Return the address of the town hall; without it, those of its agents who have an account here."""
        if self.courriel:
            return [self.courriel]
        agents = sorted(self.appartenances.all(), key=lambda appartenance: appartenance.pk)
        siens = [a.compte.courriel for a in agents if a.est_en_vigueur and a.compte.is_active]
        return list(dict.fromkeys(siens))


class Quartier(models.Model):
    """A quartier prioritaire de la politique de la ville.

    Its national code is null until an agent imports it.
    """

    nom = models.CharField("nom", max_length=120)
    commune = CleEtrangere(Commune, related_name="quartiers")
    code = models.CharField(
        "code national",
        max_length=10,
        null=True,
        blank=True,
        help_text="Code QN de la géographie 2024, par exemple QN03814M.",
    )
    population = models.PositiveIntegerField("population", null=True, blank=True)
    annee_population = models.PositiveSmallIntegerField("année de la population", null=True, blank=True)

    class Meta:
        verbose_name = "quartier prioritaire"
        verbose_name_plural = "quartiers prioritaires"
        ordering = ["commune__cle_tri", "nom"]
        constraints = [
            models.UniqueConstraint(
                "commune",
                Lower("nom"),
                name="quartier_nom_unique",
                violation_error_message="Ce quartier existe déjà dans cette commune.",
            ),
            models.UniqueConstraint(
                "code",
                name="quartier_code_unique",
                violation_error_message="Un autre quartier porte déjà ce code.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.nom} ({self.commune})"


class Contour(models.Model):
    """Imported shape of a commune or of a quartier. Heavy: only the maps read it."""

    commune = CleUnique(Commune, models.CASCADE, null=True, related_name="trace")
    quartier = CleUnique(Quartier, models.CASCADE, null=True, related_name="trace")
    geometrie = models.JSONField("géométrie", help_text="GeoJSON (WGS 84).")

    class Meta:
        verbose_name = "contour"
        constraints = [
            models.CheckConstraint(
                condition=Q(commune__isnull=False, quartier__isnull=True)
                | Q(commune__isnull=True, quartier__isnull=False),
                name="contour_un_lieu",
                violation_error_message="Un contour est celui d’une commune, ou celui d’un quartier.",
            )
        ]

    def __str__(self) -> str:
        return str(self.commune or self.quartier)


class Direction(Joignable):
    """A direction of the metropolis. Its référents receive what is asked of it."""

    SANS_ADRESSE = "Rien ne peut être demandé à ces directions, ni une remontée leur être donnée."

    nom = models.CharField("nom", max_length=120)
    sigle = models.CharField("sigle", max_length=20, blank=True)
    courriel = models.EmailField("courriel", blank=True, help_text="Boîte partagée où arrivent les demandes.")
    superieure = CleEtrangere("self", null=True, related_name="services", verbose_name="direction supérieure")
    elu = CleEtrangere(
        settings.AUTH_USER_MODEL,
        null=True,
        related_name="directions_en_charge",
        help_text="Prévenu quand ce qui est demandé à la direction, ou promis, reste sans réponse.",
        verbose_name="élu en charge",
    )
    referents = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="directions_suivies", verbose_name="référents"
    )
    est_active = models.BooleanField("active", default=True)

    class Meta:
        verbose_name = "direction"
        ordering = ["nom"]
        constraints = [
            models.UniqueConstraint(
                Lower("nom"),
                name="direction_nom_unique",
                violation_error_message="Cette direction existe déjà.",
            )
        ]

    def __str__(self) -> str:
        return self.nom

    @property
    def en_phrase(self) -> str:
        """Name with its article: « la direction Affaires juridiques », « le service des eaux »."""
        for mot, article in (("direction", "la"), ("service", "le"), ("mission", "la")):
            if self.nom.lower().startswith(f"{mot} "):
                return f"{article} {mot}{self.nom[len(mot) :]}"
        return f"la direction {self.nom}"

    @classmethod
    def a_joindre(cls) -> "models.QuerySet[Direction]":
        return cls.objects.filter(est_active=True).order_by("nom").prefetch_related("referents")

    def adresses(self) -> list[str]:
        """Return the addresses to write to: the shared mailbox and the active référents, without duplicates."""
        referents = sorted((c for c in self.referents.all() if c.is_active), key=lambda compte: compte.pk)
        adresses = [self.courriel, *(compte.courriel for compte in referents)]
        return list(dict.fromkeys(adresse for adresse in adresses if adresse))
