"""The programme of the year: items that come back every year, items planned, and why they moved."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from participation.seances.models.instances import Instance
from participation.seances.models.points import Point
from participation.seances.workflow import Etat, EtatPoint
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.francais import jour_texte
from participation.socle.models import CleEtrangere, CleUnique, Compte, Direction, Partie, PortePar


def adresse_du_programme(cle: str, annee: int) -> str:
    return reverse("seances:programme", args=[cle, annee])


def fil_du_programme(instance: Instance, annee: int) -> list[tuple[str, str]]:
    return [*instance.fil, (f"Programme {annee}", adresse_du_programme(instance.cle, annee))]


class Recurrence(Partie):
    """A statutory item that comes back every year, such as the report of a service (L1413-1 CGCT)."""

    instance = CleEtrangere(Instance, related_name="recurrences")
    titre = models.CharField("titre", max_length=160)
    nature = models.CharField("nature", max_length=12, choices=Point.Nature, default=Point.Nature.PRISE_ACTE)
    direction = CleEtrangere(Direction, null=True, related_name="+")
    mois = models.PositiveSmallIntegerField("mois habituel")
    fondement = models.CharField("fondement", max_length=200, blank=True)
    est_active = models.BooleanField("active", default=True)

    suivi = PortePar[Instance]("instance")

    class Meta:
        verbose_name = "point récurrent"
        verbose_name_plural = "points récurrents"
        ordering = ["instance", "mois", "titre"]
        constraints = [
            models.UniqueConstraint(
                "instance",
                "titre",
                name="recurrence_unique",
                violation_error_message="Cette instance a déjà un point récurrent de ce titre.",
            ),
            models.CheckConstraint(
                condition=Q(mois__gte=1, mois__lte=12),
                name="recurrence_mois_de_l_annee",
                violation_error_message="Le mois va de 1 à 12.",
            ),
        ]

    def __str__(self) -> str:
        return self.titre

    @property
    def fil(self) -> list[tuple[str, str]]:
        return fil_du_programme(self.instance, timezone.localdate().year)

    @property
    def designation(self) -> str:
        return f"{self}, {self.instance.sigle}"


class PrevisionQuerySet(models.QuerySet["Prevision"]):
    def a_inscrire(self) -> Self:
        """Keep the items still to be put on an agenda: the reverse of `est_inscrite`, without those given up."""
        tient = Q(point__isnull=False) & ~Q(point__etat__in=[EtatPoint.RETIRE, EtatPoint.REPORTE])
        tient &= ~Q(point__seance__etat__in=[Etat.ANNULEE, Etat.REPORTEE])
        return self.filter(abandonnee_le__isnull=True).exclude(tient)


class Prevision(Partie):
    """An item of the year's programme: planned around a day, then put on the agenda of a séance."""

    instance = CleEtrangere(Instance, related_name="previsions")
    recurrence = CleEtrangere(Recurrence, null=True, related_name="previsions", verbose_name="récurrence")
    annee = models.PositiveSmallIntegerField("année")
    titre = models.CharField("titre", max_length=160)
    nature = models.CharField("nature", max_length=12, choices=Point.Nature, default=Point.Nature.PRISE_ACTE)
    direction = CleEtrangere(Direction, null=True, related_name="+")
    date_prevue = models.DateField("prévu vers le")
    point = CleUnique(Point, on_delete=models.SET_NULL, null=True, related_name="prevision")
    abandonnee_le = models.DateTimeField("abandonnée le", null=True, blank=True)
    motif = models.CharField("raison de l’abandon", max_length=200, blank=True)

    objects = PrevisionQuerySet.as_manager()

    suivi = PortePar[Instance]("instance")

    class Meta:
        verbose_name = "point du programme"
        verbose_name_plural = "points du programme"
        ordering = ["annee", "date_prevue", "titre"]
        constraints = [
            models.UniqueConstraint(
                "recurrence",
                "annee",
                name="prevision_une_par_annee",
                violation_error_message="Ce point est déjà prévu cette année.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.titre} ({self.annee})"

    @property
    def fil(self) -> list[tuple[str, str]]:
        return fil_du_programme(self.instance, self.annee)

    @property
    def adresse(self) -> str:
        """URL of this item on the page of the programme."""
        return f"{adresse_du_programme(self.instance.cle, self.annee)}#p-{self.pk}"

    def refus(self, acte: str, par: Compte | None) -> ErreurMetier | None:
        if self.abandonnee_le is not None:
            return ActeInterdit("Ce point est retiré du programme.")
        if self.est_inscrite and self.point is not None:
            return ActeInterdit(
                f"Ce point est à l’ordre du jour du {jour_texte(self.point.seance.jour)} : "
                "déplacez-le depuis la séance."
            )
        return None

    @property
    def est_inscrite(self) -> bool:
        """Whether the item is on an agenda.

        It can be planned again if its point is withdrawn or postponed, or its séance cancelled or postponed.
        """
        return (
            self.point is not None
            and self.point.etat not in {EtatPoint.RETIRE, EtatPoint.REPORTE}
            and self.point.seance.etat not in {Etat.ANNULEE, Etat.REPORTEE}
        )

    @property
    def est_en_retard(self) -> bool:
        return (
            self.abandonnee_le is None and not self.est_inscrite and self.date_prevue < timezone.localdate()
        )


class Deplacement(models.Model):
    """A new day for an item of the programme, and the reason."""

    prevision = CleEtrangere(
        Prevision, on_delete=models.CASCADE, related_name="deplacements", verbose_name="point du programme"
    )
    de = models.DateField("de")
    vers = models.DateField("vers")
    motif = models.CharField("raison", max_length=200)
    par = CleEtrangere(settings.AUTH_USER_MODEL, null=True, blank=False, related_name="+")
    le = models.DateTimeField("le", default=timezone.now)

    class Meta:
        verbose_name = "déplacement"
        ordering = ["-le"]

    def __str__(self) -> str:
        return f"{jour_texte(self.de, 'chiffres')} → {jour_texte(self.vers, 'chiffres')}"
