"""A rencontre: what for, when, where, who animates it."""

from collections.abc import Iterator
from datetime import date
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from participation.rencontres import workflow
from participation.rencontres.models.formats import Format
from participation.rencontres.models.reglement import ReglementRencontres
from participation.rencontres.workflow import ASSISES, EtatInscription, EtatRencontre
from participation.socle.francais import instant_texte, jour_texte
from participation.socle.liens import Lien
from participation.socle.models import CleEtrangere, Dossier, DossierQuerySet, Partie, PortePar, Scelle, Voix
from participation.socle.workflow import Apparence, Table


class RencontreQuerySet(DossierQuerySet):
    # `Any`: rows of its own table, which the type checker would take for dossiers.
    def publiques(self) -> Any:
        return self.filter(est_publie=True)


class Rencontre(Dossier):
    """People work together on a question, around tables or otherwise. Its journal never names who is registered."""

    PREFIXE = "REN"
    SUJET = "la rencontre"
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
    debut = models.DateTimeField("début")
    fin = models.DateTimeField("fin")
    lieu = models.CharField("lieu", max_length=160)
    adresse = models.CharField("adresse", max_length=200)
    acces = models.TextField(
        "comment venir et entrer",
        max_length=1500,
        help_text="Arrêt de transport, entrée sans marche, boucle magnétique, toilettes adaptées, garde d’enfants.",
    )
    places = models.PositiveSmallIntegerField(
        "places", validators=[MinValueValidator(1), MaxValueValidator(5000)]
    )
    date_limite = models.DateField("dernier jour pour s’inscrire")
    format = CleEtrangere(Format, null=True, related_name="rencontres", verbose_name="format")
    # What it serves: a petition, a panel, an avis…
    origine = CleEtrangere(Dossier, null=True, related_name="rencontres", verbose_name="démarche")
    motif = models.TextField("raison de l’annulation", max_length=1000, blank=True)
    # Who sits where: rounds, tables by their number, people by the key of their registration.
    plan = models.JSONField("tables", default=list, blank=True, db_default=[], editable=False)
    # Incremented by each change told to the people registered: SEQUENCE of the calendar event.
    sequence = models.PositiveSmallIntegerField("version", default=0, editable=False)

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

    def clean(self) -> None:
        if self.debut and self.date_limite and self.date_limite > self.jour:
            raise ValidationError({"date_limite": "On s’inscrit au plus tard le jour de la rencontre."})

    def voix(self) -> Iterator[Voix]:
        for courriel in self.inscriptions.joignables().filter(presente_le__isnull=False).values_list("courriel", flat=True):  # fmt: skip
            yield Voix(courriel, "une personne venue à la rencontre")

    def get_absolute_url(self) -> str:
        return reverse("rencontres:rencontre", args=[self.pk])

    def get_public_url(self) -> str:
        return reverse("rencontres:rencontre_publique", args=[self.pk])

    @property
    def fil_avant(self) -> list[tuple[str, str]]:
        return [("Rencontres", reverse("rencontres:rencontres"))]

    @property
    def fil(self) -> list[tuple[str, str]]:
        return [*self.fil_avant, (self.nom_court, self.get_absolute_url())] if self.pk else self.fil_avant

    @property
    def fil_public(self) -> list[tuple[str, str]]:
        """Whoever keeps the door reads its list alone."""
        return [("Accueil de la rencontre", reverse("rencontres:accueil", args=[self.pk]))] if self.pk else []

    @property
    def jour(self) -> date:
        return timezone.localdate(self.debut)

    @property
    def regle(self) -> ReglementRencontres:
        return ReglementRencontres.actuel()

    def recoit(self) -> bool:
        """Whether a person can register online now."""
        return self.etat == EtatRencontre.OUVERTE and timezone.localdate() <= self.date_limite and timezone.now() < self.fin  # fmt: skip

    @property
    def places_libres(self) -> int:
        return max(self.places - self.inscriptions.filter(etat__in=sorted(ASSISES)).count(), 0)

    def attend(self) -> bool:
        """Whether somebody waits: who comes now waits too, even beside a seat just given up."""
        return self.inscriptions.filter(etat=EtatInscription.ATTENTE).exists()

    def mots_de_suite(self) -> dict[str, str]:
        return {"quand": instant_texte(self.debut) if self.debut else ""}

    def pas_encore_le_jour(self) -> str:
        """Say why no presence is noted yet: a code tried at home would count as one. "" from the day on."""
        if self.jour <= timezone.localdate():
            return ""
        return f"La rencontre est le {jour_texte(self.jour)} : les présences se notent ce jour-là."


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
