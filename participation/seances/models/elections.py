"""An election without candidates: who each names and why, what is proposed, who consents, who objects."""

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from participation.seances.models.convies import Convie
from participation.seances.models.instances import College
from participation.seances.models.membres import Membre
from participation.seances.models.points import Point
from participation.seances.models.seances import Seance
from participation.seances.workflow import EtatElection
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.models import CleEtrangere, Compte, Partie, PortePar

PLACES_MAX = 12
# The acts that an élection in each état takes.
ACTES: dict[str, frozenset[str]] = {
    EtatElection.DESIGNE: frozenset({"designer", "designer_pour", "lire_designations", "annuler_election"}),
    EtatElection.LUE: frozenset({"ouvrir_tour", "proposer_election", "annuler_election"}),
    EtatElection.PROPOSE: frozenset(
        {
            "se_prononcer", "se_prononcer_pour", "ouvrir_tour", "proposer_election", "constater_consentement",
            "annuler_election",
        }
    ),
    EtatElection.ELUE: frozenset({"annuler_election"}),
    EtatElection.ANNULEE: frozenset(),
}  # fmt: skip


class Election(Partie):
    """Somebody is chosen for a task without being a candidate: by rounds of names and reasons, then by consent."""

    MOTS_DU_SERVICE: ClassVar[frozenset[str]] = frozenset({"objet"})

    point = CleEtrangere(Point, related_name="elections")
    objet = models.CharField("ce qui est confié", max_length=160, help_text="« Délégué au comité de suivi ».")
    attendu = models.TextField(
        "ce qui est attendu", max_length=1000, blank=True, help_text="La tâche, sa durée, ce qu’elle demande."
    )
    places = models.PositiveSmallIntegerField(
        "personnes à choisir", default=1, validators=[MinValueValidator(1), MaxValueValidator(PLACES_MAX)]
    )
    college = CleEtrangere(
        College, null=True, related_name="+", verbose_name="collège qui choisit ses délégués"
    )
    etat = models.CharField("état", max_length=10, choices=EtatElection, default=EtatElection.DESIGNE)
    tour = models.PositiveSmallIntegerField("tour", default=1)
    # Each proposal has its number; the members proposed, who are elected once nobody objects.
    proposition = models.PositiveSmallIntegerField("proposition", default=0)
    proposes = models.JSONField("personnes proposées", default=list, blank=True)
    raison = models.TextField("pourquoi ces personnes", max_length=1000, blank=True)
    motif = models.CharField("raison de l’annulation", max_length=200, blank=True)
    ouverte_le = models.DateTimeField("ouverte le", default=timezone.now)
    close_le = models.DateTimeField("close le", null=True, blank=True)
    par = CleEtrangere(
        settings.AUTH_USER_MODEL, null=True, blank=False, related_name="+", verbose_name="ouverte par"
    )

    suivi = PortePar[Seance]("point.seance")

    class Meta:
        verbose_name = "élection sans candidat"
        verbose_name_plural = "élections sans candidat"
        ordering = ["point", "ouverte_le", "pk"]
        constraints = [
            models.UniqueConstraint(
                "point",
                condition=Q(etat__in=["designe", "lue", "propose"]),
                name="election_une_seule_ouverte_par_point",
                violation_error_message="Une élection est déjà ouverte sur ce point.",
            )
        ]

    def __str__(self) -> str:
        return self.objet

    @property
    def est_ouverte(self) -> bool:
        return self.etat in {EtatElection.DESIGNE, EtatElection.LUE, EtatElection.PROPOSE}

    def refus(self, acte: str, par: Compte | None) -> ErreurMetier | None:
        if acte not in ACTES[self.etat]:
            return ActeInterdit(f"L’élection « {self} » en est à : {self.get_etat_display()}.")
        return None

    def membres_proposes(self) -> list[Membre]:
        """Return the members proposed, then elected, in the order of the proposal."""
        par_numero = Membre.objects.select_related("compte", "college").in_bulk(self.proposes)
        return [par_numero[numero] for numero in self.proposes if numero in par_numero]


class Designation(models.Model):
    """In a round, whom somebody names, and why. It is read aloud: it is no secret."""

    election = CleEtrangere(Election, on_delete=models.CASCADE, related_name="designations")
    tour = models.PositiveSmallIntegerField("tour")
    convie = CleEtrangere(Convie, related_name="+", verbose_name="qui désigne")
    designe = CleEtrangere(Membre, related_name="+", verbose_name="personne désignée")
    raison = models.CharField("pourquoi", max_length=300)

    class Meta:
        verbose_name = "désignation"
        ordering = ["election", "tour", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["election", "tour", "convie", "designe"],
                name="designation_une_fois",
                violation_error_message="Vous désignez deux fois la même personne.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.convie} désigne {self.designe}"


class Position(models.Model):
    """What somebody says of a proposal: consent, or an objection with its reason, lifted or not."""

    election = CleEtrangere(Election, on_delete=models.CASCADE, related_name="positions")
    proposition = models.PositiveSmallIntegerField("proposition")
    convie = CleEtrangere(Convie, related_name="+", verbose_name="qui se prononce")
    objection = models.CharField("objection", max_length=300, blank=True)
    levee_le = models.DateTimeField("levée le", null=True, blank=True)

    class Meta:
        verbose_name = "position"
        ordering = ["election", "proposition", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["election", "proposition", "convie"],
                name="position_une_par_personne",
                violation_error_message="Cette personne s’est déjà prononcée.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.convie} : {'objection' if self.objecte else 'accord'}"

    @property
    def objecte(self) -> bool:
        return bool(self.objection) and self.levee_le is None
