"""A rencontre: what for, when, where, who animates it, its run-of-show."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from participation.inscriptions.models import Evenement, Mots
from participation.rencontres import workflow
from participation.rencontres.models.formats import Format, ReglementRencontres
from participation.rencontres.workflow import EtatRencontre
from participation.socle.liens import Lien
from participation.socle.models import CleEtrangere, Dossier, DossierQuerySet, Partie, PortePar, Scelle, Voix
from participation.socle.workflow import Apparence, Table


class RencontreQuerySet(DossierQuerySet):
    # `Any`: rows of its own table, which the type checker would take for dossiers.
    def publiques(self) -> Any:
        return self.filter(est_publie=True)


class Rencontre(Evenement, Dossier):
    """People work together on a question, around tables or otherwise. Its journal never names who is registered."""

    PREFIXE = "REN"
    SUJET = "la rencontre"
    NATURE = "rencontre"
    MOTS = Mots(
        "rencontre", "cette rencontre", "une rencontre", "de la rencontre", "à la rencontre", "rencontres"
    )
    EN_LIGNE, ANNULE = EtatRencontre.OUVERTE, EtatRencontre.ANNULEE
    REGLEMENT, CONSERVATION = ReglementRencontres, "conservation_jours"
    TRAITEMENT = "rencontres-inscription"
    TEXTES_PUBLICS = ("titre", "but", "acces")
    TRANSITIONS: ClassVar[Table] = workflow.TRANSITIONS
    APPARENCES: ClassVar[dict[str, Apparence]] = workflow.APPARENCES
    QUI_DEMANDE: ClassVar[str] = "les personnes venues à la rencontre"
    MOTS_DU_SERVICE: ClassVar[frozenset[str]] = frozenset({"lieu", "adresse", "acces"})
    ACTES_REPLIES: ClassVar[frozenset[str]] = frozenset({"annuler_rencontre", "prendre_en_charge"})
    # Shown beside what they add to.
    ACTES_DANS_LA_PAGE: ClassVar[frozenset[str]] = frozenset(
        {
            "inscrire",
            "ajouter_animateur",
            "effacer_inscrits",
            "ajouter_suite",
            "ajouter_bloc",
            "dire_retard",
            "retablir_deroule",
            "imprimer_deroule",
        }
    )

    etat = models.CharField("état", max_length=10, choices=EtatRencontre, default=EtatRencontre.PREPAREE)
    but = models.TextField("pourquoi se réunir", max_length=2000)
    format = CleEtrangere(Format, null=True, related_name="rencontres", verbose_name="format")
    # What it serves: a petition, a panel, an avis…
    origine = CleEtrangere(Dossier, null=True, related_name="rencontres", verbose_name="démarche")
    # Who sits where: rounds, tables by their number, people by the key of their registration.
    plan = models.JSONField("tables", default=list, blank=True, db_default=[], editable=False)
    objects: ClassVar[Any] = RencontreQuerySet.as_manager()

    class Meta:
        verbose_name = "rencontre"
        verbose_name_plural = "rencontres"
        ordering = ["-debut", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(fin__gt=F("debut")),
                name="rencontre_heures_ordonnees",
                violation_error_message="La rencontre finit après avoir commencé.",
            )
        ]

    def voix(self) -> Iterator[Voix]:
        for courriel in self.inscriptions.joignables().filter(presente_le__isnull=False).values_list("courriel", flat=True):  # fmt: skip
            yield Voix(courriel, "une personne venue à la rencontre")

    def get_absolute_url(self) -> str:
        return reverse("rencontres:rencontre", args=[self.pk])

    def get_public_url(self) -> str:
        return reverse("rencontres:rencontre_publique", args=[self.pk])

    @property
    def fil_avant(self) -> list[tuple[str, str]]:
        return [*super().fil_avant, ("Rencontres", reverse("rencontres:rencontres"))]

    @classmethod
    def lisibles(cls) -> Any:
        return cls.objects.publiques().select_related("format")

    @property
    def fil_des_pages(self) -> list[tuple[str, str]]:
        return [
            ("Accueil", reverse("socle:accueil")),
            ("Rencontres", reverse("rencontres:rencontres_publiques")),
            (self.titre, self.get_public_url()),
        ]

    def oublier_autour(self) -> None:
        auteurs = apps.get_model("rencontres.AuteurDeNote").objects.filter(note__table__rencontre=self)
        auteurs.model.effacer(list(auteurs.values_list("pk", flat=True)))


class Animateur(Scelle, Partie):
    """Who animates. Without an account, a signed link opens the run-of-show of this rencontre alone."""

    LIEN: ClassVar[Lien] = Lien("rencontres.animateur")

    rencontre = CleEtrangere(Rencontre, on_delete=models.CASCADE, related_name="animateurs")
    nom = models.CharField("nom", max_length=120)
    role = models.CharField(
        "ce qu’elle ou il fait", max_length=120, blank=True, help_text="« Garde le temps », « anime l’est »."
    )
    courriel = models.EmailField("courriel", blank=True)

    suivi = PortePar[Rencontre]("rencontre")

    class Meta:
        verbose_name = "personne qui anime"
        verbose_name_plural = "personnes qui animent"
        ordering = ["rencontre", "nom", "pk"]

    def __str__(self) -> str:
        return self.nom

    def jeton(self) -> str:
        return self.LIEN.jeton(self)


class Bloc(Partie):
    """A step. `minutes` is what was planned; `jouees`, what it will take after a delay, 0 once cut."""

    rencontre = CleEtrangere(Rencontre, on_delete=models.CASCADE, related_name="blocs")
    rang = models.PositiveSmallIntegerField("place dans le déroulé", validators=[MinValueValidator(1)])
    titre = models.CharField("titre", max_length=120)
    minutes = models.PositiveSmallIntegerField(
        "durée (minutes)", validators=[MinValueValidator(1), MaxValueValidator(1440)]
    )
    piste = models.CharField("piste", max_length=40, blank=True)
    qui = models.CharField("qui fait quoi", max_length=200, blank=True)
    consignes = models.TextField("consignes pour l’animation", max_length=2000, blank=True)
    materiel = models.CharField("matériel", max_length=200, blank=True)
    est_public = models.BooleanField("dans le programme public", default=True)
    au_moins = models.PositiveSmallIntegerField("peut être raccourci à (minutes)", null=True, blank=True)
    peut_sauter = models.BooleanField("peut être coupé", default=False)
    jouees = models.PositiveSmallIntegerField("durée jouée", null=True, blank=True, editable=False)

    suivi = PortePar[Rencontre]("rencontre")
    SUJET: ClassVar[str] = "l’étape"

    class Meta:
        verbose_name = "étape du déroulé"
        verbose_name_plural = "étapes du déroulé"
        ordering = ["rencontre", "rang", "pk"]

    def __str__(self) -> str:
        return self.titre

    def clean(self) -> None:
        if self.au_moins is not None and self.minutes is not None and self.au_moins > self.minutes:
            raise ValidationError({"au_moins": "Raccourcie, l’étape serait plus longue que prévu."})

    @property
    def effectives(self) -> int:
        return self.minutes if self.jouees is None else self.jouees

    @property
    def est_coupe(self) -> bool:
        return self.jouees == 0
