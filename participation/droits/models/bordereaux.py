"""The elimination slips: what is proposed to the archives, their visa line by line, what was eliminated. Kept for ever."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from participation.droits.workflow import (
    APPARENCES_DU_BORDEREAU,
    TRANSITIONS_DU_BORDEREAU,
    Avis,
    EtatBordereau,
)
from participation.socle.erreurs import Manque
from participation.socle.francais import jour_texte
from participation.socle.liens import Lien
from participation.socle.models import (
    CleEtrangere,
    Compte,
    Document,
    LigneDeJournal,
    Scelle,
    Suivi,
    ineffacable,
)
from participation.socle.workflow import Apparence, Table

EN_ROUTE = (EtatBordereau.PREPARE, EtatBordereau.AU_VISA, EtatBordereau.VISE)


class Bordereau(Scelle, Suivi):
    """A slip: lots of data past their time, proposed together to the archives."""

    SUJET = "le bordereau"
    TRANSITIONS: ClassVar[Table] = TRANSITIONS_DU_BORDEREAU
    APPARENCES: ClassVar[dict[str, Apparence]] = APPARENCES_DU_BORDEREAU
    LIEN = Lien("droits.bordereau")

    etat = models.CharField("état", max_length=10, choices=EtatBordereau, default=EtatBordereau.PREPARE)
    cree_le = models.DateTimeField("préparé le", default=timezone.now)
    visa = models.CharField("numéro de visa", max_length=80, blank=True)
    vise_par = models.CharField("visé par", max_length=160, blank=True)
    date_visa = models.DateField("jour du visa", null=True, blank=True)
    par = CleEtrangere(settings.AUTH_USER_MODEL, null=True, related_name="+", verbose_name="éliminé par")
    eliminer_le = models.DateTimeField("élimination demandée le", null=True, blank=True)
    certificat = CleEtrangere(Document, null=True, related_name="+", verbose_name="certificat")

    class Meta:
        verbose_name = "bordereau d’élimination"
        verbose_name_plural = "bordereaux d’élimination"
        ordering = ["-cree_le", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["visa"],
                condition=~Q(visa=""),
                name="droits_bordereau_visa_unique",
                violation_error_message="Ce numéro de visa est celui d’un autre bordereau.",
            )
        ]
        triggers = [pgtrigger.Protect(name="bordereau_garde", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return (
            f"Bordereau d’élimination n° {self.pk}, du {jour_texte(self.cree_le)}"
            if self.pk
            else "Bordereau d’élimination"
        )

    def get_absolute_url(self) -> str:
        return reverse("droits:bordereau", args=[self.pk])

    @property
    def fil_avant(self) -> list[tuple[str, str]]:
        return [("Éliminations", reverse("droits:bordereaux"))]


class LigneBordereau(models.Model):
    """One lot: the columns of the archives, then what they answered. Once answered, the database protects it.

    `nature` and `objet`: the kind (`Elimination.cle`) and the number of the lot, in the app that proposes it.
    """

    bordereau = CleEtrangere(Bordereau, related_name="lignes")
    nature = models.CharField("sorte", max_length=40)
    objet = models.PositiveBigIntegerField("numéro du lot")
    service = models.CharField("service", max_length=160)
    genre = models.CharField("nature des documents", max_length=160)
    intitule = models.CharField("intitulé", max_length=240)
    date_debut = models.DateField("date la plus ancienne", null=True, blank=True)
    date_fin = models.DateField("date la plus récente", null=True, blank=True)
    dua = models.CharField("durée d’utilité administrative", max_length=240)
    nombre = models.PositiveIntegerField("importance (lignes)")
    observations = models.CharField("observations", max_length=400, blank=True)
    avis = models.CharField("réponse des archives", max_length=8, choices=Avis, blank=True)
    motif = models.CharField("motif du refus", max_length=240, blank=True)
    eliminee_le = models.DateTimeField("éliminé le", null=True, blank=True)
    elimines = models.PositiveIntegerField("lignes éliminées", null=True, blank=True)

    class Meta:
        verbose_name = "ligne d’un bordereau d’élimination"
        verbose_name_plural = "lignes des bordereaux d’élimination"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(avis=Avis.REFUS) | ~Q(motif=""),
                name="ligne_bordereau_refus_dit",
                violation_error_message="Dites pourquoi cette ligne est refusée.",
            ),
            models.CheckConstraint(
                condition=Q(eliminee_le__isnull=True) | Q(avis=Avis.VISA),
                name="ligne_bordereau_rien_sans_visa",
                violation_error_message="Rien n’est éliminé sans le visa des archives.",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="ligne_bordereau_gardee", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="ligne_bordereau_repondue",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.avis <> '' AND (NEW.avis, NEW.motif, NEW.nature, NEW.objet, NEW.intitule, NEW.nombre)"
                    " IS DISTINCT FROM (OLD.avis, OLD.motif, OLD.nature, OLD.objet, OLD.intitule, OLD.nombre)"
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.intitule

    @property
    def dates_extremes(self) -> str:
        bornes = [jour_texte(jour, "chiffres") for jour in (self.date_debut, self.date_fin) if jour]
        return " – ".join(dict.fromkeys(bornes))


class EntreeBordereau(LigneDeJournal):
    """Line of the journal of a slip, which the database protects."""

    bordereau = CleEtrangere(Bordereau, related_name="journal")

    class Meta(LigneDeJournal.Meta):
        verbose_name = "entrée du journal d’un bordereau"
        verbose_name_plural = "journal des bordereaux"
        triggers = [ineffacable("bordereau")]


def lignes_visees(nature: str, objet: int | None = None) -> "models.QuerySet[LigneBordereau]":
    """Return the lines that the archives allowed, and that are not eliminated yet."""
    visees = LigneBordereau.objects.filter(
        nature=nature, avis=Avis.VISA, eliminee_le=None, bordereau__etat=EtatBordereau.VISE
    )
    return visees if objet is None else visees.filter(objet=objet)


def sans_visa(nature: str, objet: int | None = None) -> list[str]:
    """Say that this purge has no visa, and where to ask for it; empty when it has one: what every purge asks first."""
    if lignes_visees(nature, objet).exists():
        return []
    return [
        Manque(
            "Les archives n’ont pas donné leur visa\u00a0: rien n’est éliminé sans bordereau.",
            reverse("droits:bordereaux"),
        )
    ]


def visa_note(bordereau: Bordereau, acte: str, par: Compte | None) -> list[str]:
    """Only a line with a visa, and not eliminated yet, leaves something to eliminate."""
    if bordereau.eliminer_le is not None:
        return ["L’élimination est déjà demandée."]
    if bordereau.lignes.filter(avis=Avis.VISA, eliminee_le=None).exists():
        return []
    return ["Aucune ligne n’a le visa des archives, ou tout est déjà éliminé."]


def rien_ne_reste(bordereau: Bordereau, acte: str, par: Compte | None) -> list[str]:
    """A slip is closed once all that has a visa is eliminated, or was to be and could not."""
    if bordereau.eliminer_le is not None:
        return []
    if bordereau.lignes.filter(avis=Avis.VISA, eliminee_le=None).exists():
        return ["Demandez d’abord l’élimination de ce qui a le visa."]
    return []
