"""Letters on paper: made here, printed and posted by an agent, for who nothing else reaches."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from participation.socle.calendrier import jours_entre
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.francais import accorder, jour_texte
from participation.socle.models import CleEtrangere, CleUnique, Compte, Document, Partie, PortePar, Suivi
from participation.socle.models.dossiers import hors_reserve
from remontees.models.remontees import Remontee


class Impression(models.Model):
    """Letters printed together: one file, each on its own sheets. It says who is written to, and goes with the first of them erased."""

    document = CleUnique(Document, null=True, on_delete=models.SET_NULL, related_name="+")
    par = CleEtrangere(Compte, null=True, related_name="+", verbose_name="imprimés par")
    faite_le = models.DateTimeField("imprimés le", default=timezone.now)

    class Meta:
        verbose_name = "impression de courriers"
        verbose_name_plural = "impressions de courriers"
        ordering = ["-faite_le", "-pk"]

    def __str__(self) -> str:
        return f"courriers imprimés le {jour_texte(self.faite_le)}"


class CourrierQuerySet(models.QuerySet["Courrier"]):
    def visibles_par(self, compte: Compte) -> Self:
        """Of what is reserved, those who read it print the letters."""
        return self.filter(hors_reserve(compte, "remontee__"))

    def a_poster(self) -> Self:
        return self.filter(date_postee=None, abandonne_le=None)

    def a_imprimer(self) -> Self:
        """Printed with no other yet. What is reserved is printed alone, by who reads it."""
        return self.a_poster().filter(impression=None, document__isnull=False, remontee__est_reserve=False)


class Courrier(Partie):
    """One letter on paper. Its text is in its PDF, which is never frozen: what says who spoke is erased one day."""

    remontee = CleEtrangere(Remontee, related_name="courriers", verbose_name="remontée")
    lettre = models.CharField("lettre", max_length=60, help_text="Par exemple « remontees/repondre ».")
    objet = models.CharField("objet", max_length=255)
    document = CleUnique(Document, null=True, on_delete=models.SET_NULL, related_name="+")
    impression = CleEtrangere(
        Impression, null=True, related_name="courriers", verbose_name="imprimé avec d’autres"
    )
    a_une_adresse = models.BooleanField("adresse postale connue", default=False)
    ecrit_le = models.DateTimeField("écrit le", default=timezone.now)
    date_postee = models.DateField("posté le", null=True, blank=True)
    poste_par = CleEtrangere(Compte, null=True, related_name="+", verbose_name="posté par")
    abandonne_le = models.DateTimeField("abandonné le", null=True, blank=True)

    objects = CourrierQuerySet.as_manager()
    suivi = PortePar[Suivi]("remontee")

    class Meta:
        verbose_name = "courrier"
        ordering = ["ecrit_le", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(date_postee__isnull=True) | Q(abandonne_le__isnull=True),
                name="courrier_poste_ou_abandonne",
                violation_error_message="Un courrier posté n’est pas abandonné.",
            )
        ]
        indexes = [
            models.Index(
                "ecrit_le",
                condition=Q(date_postee__isnull=True, abandonne_le__isnull=True),
                name="courrier_a_poster",
            )
        ]

    def __str__(self) -> str:
        return self.objet

    @property
    def est_a_poster(self) -> bool:
        return self.date_postee is None and self.abandonne_le is None

    @property
    def attente(self) -> str:
        """How long the person has waited for it to be posted."""
        jours = jours_entre(self.ecrit_le, timezone.now())
        return f"{accorder(jours, 'jour')} d’attente" if jours else "aujourd’hui"

    def refus(self, acte: str, par: Compte | None) -> ErreurMetier | None:
        if not self.est_a_poster:
            return ActeInterdit(
                "Ce courrier est déjà posté." if self.date_postee else "Ce courrier a été abandonné."
            )
        return None
