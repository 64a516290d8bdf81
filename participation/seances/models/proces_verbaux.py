"""The procès-verbal: written from the data, edited, submitted, approved, frozen; then only corrected by a new version."""

from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils import timezone

from participation.seances.models.convies import Convie
from participation.seances.models.instances import Instance
from participation.seances.models.membres import Membre
from participation.seances.models.points import Point
from participation.seances.models.seances import Seance
from participation.seances.workflow import EtatPV
from participation.socle.francais import de
from participation.socle.models import Document
from participation.socle.models.dossiers import Visiteur


def lus_par(visiteur: Visiteur, prefixe: str = "") -> Q:
    """Séances whose papers this person reads: her instances', and those she was convened to."""
    if isinstance(visiteur, AnonymousUser):
        return Q(pk__in=[])
    siens = Membre.objects.filter(compte=visiteur).en_fonction().values("college__mandature__instance")
    conviee = Convie.objects.filter(membre__compte=visiteur).values("seance")
    return Q(**{f"{prefixe}instance__in": siens}) | Q(**{f"{prefixe}pk__in": conviee})


class ProcesVerbalQuerySet(models.QuerySet["ProcesVerbal"]):
    def publies(self) -> Self:
        return self.filter(etat=EtatPV.APPROUVE, est_publie=True)

    def de_l_instance(self, instance: Instance) -> Self:
        return self.filter(seance__instance=instance)

    def visibles_par(self, visiteur: Visiteur) -> Self:
        """Agents see all; members what is submitted or approved in their instances; others what is published."""
        publies = Q(etat=EtatPV.APPROUVE, est_publie=True)
        if isinstance(visiteur, AnonymousUser):
            return self.filter(publies)
        if visiteur.est_agent:
            return self
        return self.filter(
            publies | (~Q(etat=EtatPV.BROUILLON) & lus_par(visiteur, "seance__")), versions__isnull=False
        ).distinct()


class ProcesVerbal(models.Model):
    seance = models.OneToOneField(
        Seance, on_delete=models.PROTECT, related_name="proces_verbal", verbose_name="séance"
    )
    etat = models.CharField("état", max_length=10, choices=EtatPV, default=EtatPV.BROUILLON)
    texte = models.JSONField(
        "texte",
        default=dict,
        blank=True,
        help_text="HTML nettoyé de chaque partie : « ouverture », le numéro d’un point, « fin ». Ce qui vient des données n’y est pas.",
    )
    soumis_le = models.DateTimeField("soumis le", null=True, blank=True)
    approuve_le = models.DateTimeField("approuvé le", null=True, blank=True)
    approuve_a = models.ForeignKey(
        Point,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="approuvé au point",
    )
    feuille = models.ForeignKey(
        Document,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="feuille de présence",
    )
    est_publie = models.BooleanField("publié", default=False)
    modifie_le = models.DateTimeField("modifié le", auto_now=True)

    objects = ProcesVerbalQuerySet.as_manager()

    class Meta:
        verbose_name = "procès-verbal"
        verbose_name_plural = "procès-verbaux"
        constraints = [
            models.CheckConstraint(
                condition=~Q(etat="approuve") | Q(approuve_le__isnull=False), name="pv_approuve_a_sa_date"
            )
        ]

    def __str__(self) -> str:
        return f"Procès-verbal · {self.seance}"

    @property
    def derniere(self) -> "VersionPV | None":
        """The version submitted or approved last."""
        return self.versions.first()

    def est_reserve_a(self, visiteur: Visiteur) -> bool:
        """Whether this person reads the whole, closed-door points included."""
        if isinstance(visiteur, AnonymousUser):
            return False
        return visiteur.est_agent or Seance.objects.filter(lus_par(visiteur), pk=self.seance_id).exists()


class VersionPV(models.Model):
    """A text that was submitted or approved, with its PDF. After the approval, a new one needs a reason."""

    proces_verbal = models.ForeignKey(
        ProcesVerbal, on_delete=models.PROTECT, related_name="versions", verbose_name="procès-verbal"
    )
    numero = models.PositiveSmallIntegerField("numéro")
    texte = models.JSONField("texte", default=dict)
    donnees = models.JSONField("données de la séance", default=dict)
    motif = models.TextField("raison de la correction", blank=True)
    document = models.OneToOneField(
        Document,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="version_pv",
        verbose_name="document",
    )
    document_public = models.OneToOneField(
        Document,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="version_pv_publique",
        verbose_name="document publié",
        help_text="Sans les points à huis clos ; vide quand il n’y en a pas.",
    )
    par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="par"
    )
    le = models.DateTimeField("le", default=timezone.now)

    class Meta:
        verbose_name = "version de procès-verbal"
        verbose_name_plural = "versions de procès-verbaux"
        ordering = ["proces_verbal", "-numero"]
        constraints = [models.UniqueConstraint("proces_verbal", "numero", name="version_pv_unique")]

    def __str__(self) -> str:
        return f"{self.proces_verbal}, version {self.numero}"

    @property
    def a_huis_clos(self) -> bool:
        return any(point["est_confidentiel"] for point in self.donnees.get("points", []))


class RemarquePV(models.Model):
    """What a member asks to change in a text submitted, before it is approved."""

    proces_verbal = models.ForeignKey(
        ProcesVerbal, on_delete=models.PROTECT, related_name="remarques", verbose_name="procès-verbal"
    )
    membre = models.ForeignKey(Membre, on_delete=models.PROTECT, related_name="+", verbose_name="membre")
    texte = models.TextField("remarque", max_length=3000)
    le = models.DateTimeField("le", default=timezone.now)
    traitee_le = models.DateTimeField("traitée le", null=True, blank=True)
    reponse = models.CharField("ce qui en a été fait", max_length=300, blank=True)

    class Meta:
        verbose_name = "remarque sur un procès-verbal"
        verbose_name_plural = "remarques sur les procès-verbaux"
        ordering = ["le", "pk"]

    def __str__(self) -> str:
        return f"Remarque {de(self.membre)}"
