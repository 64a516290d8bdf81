"""Absences of agents, of the service, a direction or a commune, and who stands in for them: tasks and letters follow, the journal says for whom.

A delegation is the same for one kind of dossier, until further notice if nobody says its last day.
"""

from datetime import date
from typing import Self

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone

from participation.socle.models.champs import CleEtrangere
from participation.socle.models.comptes import Compte
from participation.socle.models.dossiers import Dossier


def _finit_le(jour: date) -> Q:
    """That day or after, or nobody said when."""
    return Q(date_fin=None) | Q(date_fin__gte=jour)


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def du(self, jour: date | None = None) -> Self:
        """Keep those of this day, today by default."""
        jour = jour or timezone.localdate()
        return self.filter(annulee_le=None, date_debut__lte=jour).filter(_finit_le(jour))

    def a_venir(self) -> Self:
        """Keep those of today and after."""
        return self.filter(annulee_le=None).filter(_finit_le(timezone.localdate()))

    def pour(self, dossier: Dossier | None) -> Self:
        """Keep those that are for this dossier."""
        return self.filter(domaine__in=["", dossier.nature if dossier is not None else ""])

    def notables_par(self, compte: Compte) -> Self:
        """Keep those that the account may note and end: all for the service, else those of its direction or commune."""
        return self if compte.est_agent else self.filter(compte__in=Compte.objects.collegues(compte))


class Absence(models.Model):
    """Days when an agent is away, both included. It is ended, never deleted: lines of the journal follow from it.

    `domaine`: the nature of the dossiers that are delegated; "" for all. A delegation lends no right: it goes to
    somebody of the same direction or commune, who has them.
    """

    compte = CleEtrangere(settings.AUTH_USER_MODEL, related_name="absences", verbose_name="qui est absent")
    remplacant = CleEtrangere(
        settings.AUTH_USER_MODEL, related_name="remplacements", verbose_name="qui remplace"
    )
    date_debut = models.DateField("premier jour")
    date_fin = models.DateField("dernier jour", null=True, blank=True)
    domaine = models.CharField("domaine", max_length=20, blank=True, db_default="")
    par = CleEtrangere(settings.AUTH_USER_MODEL, related_name="+", verbose_name="notée par")
    notee_le = models.DateTimeField("notée le", default=timezone.now, editable=False)
    annulee_le = models.DateTimeField("annulée le", null=True, blank=True, editable=False)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = "absence"
        ordering = ["date_debut", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(date_fin__gte=F("date_debut")),
                name="absence_dates_ordonnees",
                violation_error_message="Le dernier jour précède le premier.",
            ),
            models.CheckConstraint(
                condition=Q(date_fin__isnull=False) | ~Q(domaine=""),
                name="absence_finit",
                violation_error_message="Dites le dernier jour : seule une délégation pour un domaine reste sans fin.",
            ),
            models.CheckConstraint(
                condition=~Q(compte=F("remplacant")),
                name="absence_par_une_autre",
                violation_error_message="Choisissez une autre personne pour remplacer.",
            ),
            ExclusionConstraint(
                name="absence_une_a_la_fois",
                expressions=[
                    ("compte", RangeOperators.EQUAL),
                    ("domaine", RangeOperators.EQUAL),
                    (
                        Func(F("date_debut"), F("date_fin"), Value("[]"), function="daterange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(annulee_le=None),
                violation_error_message="Une autre absence de cette personne est déjà notée à ces dates.",
            ),
        ]

    def __str__(self) -> str:
        pour = f" ({Dossier.libelles_natures().get(self.domaine, self.domaine)})" if self.domaine else ""
        return f"{self.remplacant} remplace {self.compte}{pour}"
