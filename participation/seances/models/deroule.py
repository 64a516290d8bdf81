"""What happens during a séance: presence, déports, speech and dissent."""

from datetime import datetime

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone

from participation.seances.models.convies import Convie
from participation.seances.models.points import Point
from participation.seances.models.seances import Seance
from participation.seances.workflow import EtatVote, Mode
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.models import CleEtrangere, Compte, Dossier, Partie, PortePar


class Presence(Partie):
    """An interval of presence: arrival, mode, and departure (empty while the person is there)."""

    class Source(models.TextChoices):
        ANIMATEUR = "animateur", "noté par l’animateur"
        CODE = "code", "code ou QR de la séance"
        MEMBRE = "membre", "depuis l’espace du membre"

    seance = CleEtrangere(Seance, related_name="presences", verbose_name="séance")
    convie = CleEtrangere(Convie, related_name="presences", verbose_name="personne")
    mode = models.CharField("mode", max_length=10, choices=Mode)
    arrivee = models.DateTimeField("arrivée", default=timezone.now)
    depart = models.DateTimeField("départ", null=True, blank=True)
    source = models.CharField("source", max_length=10, choices=Source, default=Source.ANIMATEUR)
    par = CleEtrangere(settings.AUTH_USER_MODEL, null=True, blank=False, related_name="+")

    suivi = PortePar[Seance]("seance")

    class Meta:
        verbose_name = "présence"
        ordering = ["seance", "arrivee", "pk"]
        constraints = [
            ExclusionConstraint(
                name="presence_sans_recouvrement",
                expressions=[
                    ("convie", RangeOperators.EQUAL),
                    (
                        Func(F("arrivee"), F("depart"), Value("[)"), function="tstzrange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message="Cette personne est déjà notée présente à ce moment.",
            ),
            models.CheckConstraint(
                condition=Q(depart__isnull=True) | Q(depart__gte=F("arrivee")),
                name="presence_part_apres_son_arrivee",
                violation_error_message="Le départ précède l’arrivée.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.convie}, {self.get_mode_display()}"

    def est_ouverte(self, le: datetime | None) -> bool:
        """Whether the person was there at the instant `le`; with None, whether they are still there."""
        if le is None:
            return self.depart is None
        return self.arrivee <= le and (self.depart is None or self.depart > le)


class Deport(Partie):
    """A member steps aside from a point (CRPA R133-12): not counted and not voting on it."""

    point = CleEtrangere(Point, on_delete=models.CASCADE, related_name="deports")
    convie = CleEtrangere(Convie, related_name="deports", verbose_name="personne")
    motif = models.CharField("raison", max_length=200, blank=True)
    le = models.DateTimeField("le", default=timezone.now)

    suivi = PortePar[Seance]("point.seance")

    class Meta:
        verbose_name = "déport en séance"
        verbose_name_plural = "déports en séance"
        constraints = [
            models.UniqueConstraint(
                "point",
                "convie",
                name="deport_seance_unique",
                violation_error_message="Ce déport est déjà noté.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.convie} se déporte"

    def avant_de_lever(self, acte: str, par: Compte | None) -> list[str]:
        if self.point.votes.exclude(etat=EtatVote.ANNULE).exists():
            return ["Un vote a été ouvert sur ce point : le déport reste."]
        dossiers = Dossier.objects.enfants_de(self.point.liens_dossiers.values_list("dossier", flat=True))
        if any(self.convie.membre.compte_id in d.enfant.comptes_deportes() for d in dossiers.values()):
            return ["Ce déport tient à un dossier du point : il s’y lève d’abord."]
        return []

    def roles_de(self, compte: Compte | None) -> frozenset[str]:
        return self.convie.roles_de(compte)


class Parole(Partie):
    """A request to speak, then the speech, from `debut` to `fin`."""

    seance = CleEtrangere(Seance, related_name="paroles", verbose_name="séance")
    point = CleEtrangere(Point, on_delete=models.CASCADE, null=True, related_name="paroles")
    convie = CleEtrangere(Convie, related_name="paroles", verbose_name="personne")
    demandee_le = models.DateTimeField("demandée le", default=timezone.now)
    debut = models.DateTimeField("début", null=True, blank=True)
    fin = models.DateTimeField("fin", null=True, blank=True)
    retiree_le = models.DateTimeField("retirée le", null=True, blank=True)

    suivi = PortePar[Seance]("seance")

    class Meta:
        verbose_name = "prise de parole"
        verbose_name_plural = "prises de parole"
        ordering = ["demandee_le", "pk"]
        constraints = [
            models.UniqueConstraint(
                "convie",
                condition=Q(fin__isnull=True, retiree_le__isnull=True),
                name="parole_une_demande_a_la_fois",
                violation_error_message="Votre demande de parole est déjà notée.",
            ),
            models.UniqueConstraint(
                "seance",
                condition=Q(debut__isnull=False, fin__isnull=True),
                name="parole_une_personne_parle",
                violation_error_message="Quelqu’un a déjà la parole.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.convie)

    def refus(self, acte: str, par: Compte | None) -> ErreurMetier | None:
        if acte == "donner_la_parole" and (self.fin is not None or self.retiree_le is not None):
            return ActeInterdit(f"{self.convie} n’attend plus la parole.")
        return None


class Desaccord(models.Model):
    """A disagreement that a member asked to have recorded (CRPA R133-13)."""

    point = CleEtrangere(Point, on_delete=models.CASCADE, related_name="desaccords")
    convie = CleEtrangere(Convie, related_name="+", verbose_name="personne")
    texte = models.TextField("désaccord", max_length=2000)
    le = models.DateTimeField("le", default=timezone.now)

    class Meta:
        verbose_name = "désaccord"
        ordering = ["le"]
        constraints = [
            models.UniqueConstraint(
                "point",
                "convie",
                name="desaccord_unique",
                violation_error_message="Cette personne a déjà noté son désaccord sur ce point.",
            )
        ]

    def __str__(self) -> str:
        return str(self.convie)
