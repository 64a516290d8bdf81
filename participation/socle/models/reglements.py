"""Base of the règlements: local rules as typed, dated rows.

What opens under a version stays on that version.
"""

from datetime import date
from typing import Any, ClassVar, Self, TypeVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q, Value
from django.urls import reverse
from django.utils import timezone

from participation.socle.erreurs import Manque
from participation.socle.models.comptes import Compte

R = TypeVar("R", bound="Reglement")
# Names of the versions that come with the application, which nobody here has confirmed.
MODELES = frozenset({"modèle de départ", "départ", "de départ", "par défaut"})


def exiger_ordre(debut: date | None, fin: date | None, champ: str) -> None:
    """Raise ValidationError on `champ` when the end comes before the beginning.

    To be called before the constraints are checked: PostgreSQL raises an error, and not a refusal, when it is
    asked for a range whose bounds are reversed.
    """
    if debut is not None and fin is not None and fin < debut:
        raise ValidationError({champ: "La fin précède le début."})


class ReglementQuerySet(models.QuerySet[R]):
    def en_vigueur(self, jour: date | None = None) -> R | None:
        """Return the version in force on `jour` (today by default), or None."""
        return self.du(jour or timezone.localdate()).first()

    def du(self, jour: date) -> Self:
        """Return the versions in force on `jour`: one for each owner that has versions of its own."""
        return self.filter(
            Q(en_vigueur_du__lte=jour) & (Q(en_vigueur_au__isnull=True) | Q(en_vigueur_au__gte=jour))
        )


class Reglement(models.Model):
    """Base of each app's règlement: version, dates, source.

    Two versions are never in force on the same day.
    """

    version = models.CharField("version", max_length=40)
    en_vigueur_du = models.DateField("en vigueur du")
    en_vigueur_au = models.DateField("en vigueur jusqu’au", null=True, blank=True)
    source = models.TextField("source", help_text="Délibération, article, lien : ce qui fonde ces règles.")

    class Meta:
        abstract = True
        ordering = ["-en_vigueur_du"]
        constraints = [
            models.CheckConstraint(
                condition=Q(en_vigueur_au__isnull=True) | Q(en_vigueur_au__gte=F("en_vigueur_du")),
                name="%(class)s_dates_ordonnees",
                violation_error_message="La fin précède le début.",
            ),
            ExclusionConstraint(
                name="%(class)s_une_version_par_jour",
                expressions=[
                    (
                        Func(F("en_vigueur_du"), F("en_vigueur_au"), Value("[]"), function="daterange"),
                        RangeOperators.OVERLAPS,
                    )
                ],
                violation_error_message="Une autre version est déjà en vigueur à ces dates.",
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.version}"

    def a_regler(self, manque: str, par: Compte | None) -> Manque:
        """Return a refusal that this version would lift, with the address of its row for who opens the tables."""
        if par is None or not par.is_staff:
            return Manque(f"{manque} Un administrateur le règle dans les tables de référence.", "")
        ligne = f"admin:{self._meta.app_label}_{self._meta.model_name}"
        adresse = reverse(f"{ligne}_change", args=[self.pk]) if self.pk else reverse(f"{ligne}_add")
        return Manque(f"{manque} Réglez-le dans les tables de référence.", adresse)

    def clean(self) -> None:
        exiger_ordre(self.en_vigueur_du, self.en_vigueur_au, "en_vigueur_au")

    # Who must confirm its figures, since no text gives them: said on the page of the first days.
    CONFIRME_PAR: ClassVar[str] = ""

    @classmethod
    def actuel(cls, jour: date | None = None) -> Self:
        """Return the version in force on `jour` (today by default).

        Before any version is written, return an unsaved one with the defaults of the model.
        """
        versions: Any = cls._default_manager
        return versions.en_vigueur(jour) or cls(version="par défaut")

    @property
    def est_modele(self) -> bool:
        """Whether these rules are those proposed with the application, until a version of its own is written."""
        return self.version in MODELES

    @property
    def en_mots(self) -> str:
        """Name of these rules for who reads a letter."""
        return "règles provisoires, en attendant un règlement" if self.est_modele else str(self)

    def regit(self, jour: date) -> bool:
        return self.en_vigueur_du <= jour and (self.en_vigueur_au is None or jour <= self.en_vigueur_au)
