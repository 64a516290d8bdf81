"""What who asked says of the suites: asked by a letter, given by its signed link."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from participation.socle.calendrier import debut_du_jour
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.liens import Lien
from participation.socle.models import CleEtrangere, Compte, Partie, PortePar, Scelle
from participation.suites.models.suites import Suite
from participation.suites.workflow import Jugement


class Sollicitation(Scelle):
    """A person was asked for a verdict on some suites, by one letter. Her address is in the letter, a hash of it here."""

    LIEN: ClassVar[Lien] = Lien("suites.verdict", page="suites:juger", sur_papier="V")

    # Keyed hash of the mailbox: two verdicts of one person are known as hers. "" once she is forgotten.
    personne = models.CharField("personne", max_length=64, blank=True)
    qualite = models.CharField("qualité", max_length=120)
    le = models.DateTimeField("le", default=timezone.now)
    refusee_le = models.DateTimeField("ne veut plus être interrogée depuis", null=True, blank=True)

    class Meta:
        verbose_name = "demande de verdict"
        verbose_name_plural = "demandes de verdict"
        ordering = ["-le", "-pk"]
        indexes = [models.Index("personne", name="sollicitation_personne")]

    def __str__(self) -> str:
        return self.qualite

    @classmethod
    def remises_ce_jour(cls) -> models.QuerySet["Sollicitation"]:
        """Return those just handed over on paper: their sheet is printed at once, and their code shown no more."""
        siennes = cls.objects.filter(personne="", le__gte=debut_du_jour())
        return siennes.exclude(verdicts__est_courant=True)


class VerdictQuerySet(models.QuerySet["Verdict"]):
    def donnes(self) -> Self:
        """Keep the last verdict of each person on each suite."""
        return self.filter(est_courant=True)

    def comparables(self) -> Self:
        return self.donnes().exclude(dit="").exclude(jugement=Jugement.SANS_AVIS)

    def d_accord(self) -> Self:
        # Value by value: of two equal columns the planner expects a row or two, and would loop on them.
        memes = [Q(jugement=dit, dit=dit) for dit in Jugement]
        return self.comparables().filter(Q(*memes, _connector=Q.OR))

    def a_lire(self) -> Self:
        """Keep those whose word waits for an agent."""
        return self.filter(mot_lu_le__isnull=True).exclude(mot="")


class Verdict(Partie):
    """One suite, one person. `dit`: what the direction said of the suite when she judged, on the same scale."""

    suite = CleEtrangere(Suite, related_name="verdicts")
    sollicitation = CleEtrangere(Sollicitation, related_name="verdicts")
    jugement = models.CharField("verdict", max_length=10, choices=Jugement, blank=True)
    dit = models.CharField("dit par la direction", max_length=10, choices=Jugement, blank=True)
    donne_le = models.DateTimeField("donné le", null=True, blank=True)
    est_courant = models.BooleanField("le dernier de cette personne", default=False)
    mot = models.CharField("mot", max_length=600, blank=True)
    mot_lu_le = models.DateTimeField("mot lu le", null=True, blank=True)
    mot_est_publie = models.BooleanField("mot publié", default=False)

    suivi = PortePar[Suite]("suite")

    objects = VerdictQuerySet.as_manager()

    class Meta:
        verbose_name = "verdict"
        ordering = ["-donne_le", "-pk"]
        constraints = [
            models.UniqueConstraint(
                "sollicitation",
                "suite",
                name="verdict_un_par_demande",
                violation_error_message="Cette personne est déjà interrogée sur cette suite.",
            ),
            models.CheckConstraint(
                condition=Q(est_courant=False) | ~Q(jugement=""),
                name="verdict_courant_est_donne",
                violation_error_message="Un verdict qui compte dit quelque chose.",
            ),
        ]
        indexes = [models.Index("suite", condition=Q(est_courant=True), name="verdict_courant")]

    def __str__(self) -> str:
        return f"{self.sollicitation} : {self.get_jugement_display() or 'pas encore de verdict'}"

    @property
    def texte_modere(self) -> str:
        return self.mot

    def refus(self, acte: str, par: Compte | None) -> ErreurMetier | None:
        if acte in {"publier_mot", "ecarter_mot"} and not self.attend_une_lecture:
            return ActeInterdit("Ce mot a déjà été lu.")
        return None

    @property
    def attend_une_lecture(self) -> bool:
        return bool(self.mot) and self.mot_lu_le is None

    @property
    def mot_public(self) -> str:
        return self.mot if self.mot_est_publie else ""


def pas_publique(suite: Suite, acte: str, par: Compte | None) -> list[str]:
    """A verdict stands in public beside what the direction says."""
    if suite.pk is None or (suite.est_publiee and suite.dossier.est_publie):
        return []
    return ["Cette suite n’est pas publique : personne n’en juge encore."]
