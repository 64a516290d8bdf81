"""Letters on paper: made here, printed and posted by an agent, for a team that nothing else reaches."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from contrat_ville.models.projets import Projet
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.models import CleEtrangere, Compte, Document, Partie, PortePar


class CourrierDuProjetQuerySet(models.QuerySet["Courrier"]):
    def a_poster(self) -> Self:
        return self.filter(date_postee=None, abandonne_le=None)


class Courrier(Partie):
    """One letter on paper to who bears a projet."""

    projet = CleEtrangere(Projet, related_name="courriers")
    lettre = models.CharField("lettre", max_length=40, help_text="Par exemple « rouvrir ».")
    objet = models.CharField("objet", max_length=255)
    document = CleEtrangere(Document, related_name="+")
    a_une_adresse = models.BooleanField("adresse postale connue", default=False)
    ecrit_le = models.DateTimeField("écrit le", default=timezone.now)
    date_postee = models.DateField("posté le", null=True, blank=True)
    # What it asked for came before it was posted.
    abandonne_le = models.DateTimeField("abandonné le", null=True, blank=True)

    objects = CourrierDuProjetQuerySet.as_manager()
    suivi = PortePar[Projet]("projet")

    class Meta:
        verbose_name = "courrier"
        ordering = ["ecrit_le", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(date_postee__isnull=True) | Q(abandonne_le__isnull=True),
                name="cdv_courrier_poste_ou_abandonne",
                violation_error_message="Un courrier posté n’est pas abandonné.",
            )
        ]
        indexes = [
            models.Index(
                "ecrit_le",
                condition=Q(date_postee__isnull=True, abandonne_le__isnull=True),
                name="cdv_courrier_a_poster",
            )
        ]

    def __str__(self) -> str:
        return self.objet

    @property
    def est_a_poster(self) -> bool:
        return self.date_postee is None and self.abandonne_le is None

    def refus(self, acte: str, par: Compte | None) -> ErreurMetier | None:
        return None if self.est_a_poster else ActeInterdit("Ce courrier n’est plus à poster.")
