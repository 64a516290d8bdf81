"""What happened in séance: who was there and when, who stepped aside, who spoke, who voted what."""

import uuid

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone

from participation.seances.models.convies import Convie
from participation.seances.models.instances import College
from participation.seances.models.points import Point
from participation.seances.models.seances import Seance
from participation.seances.workflow import EtatVote, Mode, Part, Sens
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.models import Compte, Partie


class Presence(Partie):
    """One interval: somebody came in at a time, by a mode, and left at another (or has not left)."""

    class Source(models.TextChoices):
        ANIMATEUR = "animateur", "noté par l’animateur"
        CODE = "code", "code ou QR de la séance"
        MEMBRE = "membre", "depuis l’espace du membre"

    seance = models.ForeignKey(
        Seance, on_delete=models.PROTECT, related_name="presences", verbose_name="séance"
    )
    convie = models.ForeignKey(
        Convie, on_delete=models.PROTECT, related_name="presences", verbose_name="personne"
    )
    mode = models.CharField("mode", max_length=10, choices=Mode)
    arrivee = models.DateTimeField("arrivée", default=timezone.now)
    depart = models.DateTimeField("départ", null=True, blank=True)
    source = models.CharField("source", max_length=10, choices=Source, default=Source.ANIMATEUR)
    par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="par"
    )

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

    @property
    def suivi(self) -> Seance:
        return self.seance


class Deport(Partie):
    """A member steps aside from a point (CRPA R133-12): neither counted nor voting on it."""

    point = models.ForeignKey(Point, on_delete=models.CASCADE, related_name="deports", verbose_name="point")
    convie = models.ForeignKey(
        Convie, on_delete=models.PROTECT, related_name="deports", verbose_name="personne"
    )
    motif = models.CharField("raison", max_length=200, blank=True)
    le = models.DateTimeField("le", default=timezone.now)

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

    @property
    def suivi(self) -> Seance:
        return self.point.seance

    def manques(self, acte: str, par: Compte | None) -> list[str]:
        if acte == "lever_deport" and self.point.votes.exclude(etat=EtatVote.ANNULE).exists():
            return ["Un vote a été ouvert sur ce point : le déport reste."]
        return []


class Parole(Partie):
    """A demand to speak, then the speech: `debut` and `fin` when the floor was given and taken back."""

    seance = models.ForeignKey(
        Seance, on_delete=models.PROTECT, related_name="paroles", verbose_name="séance"
    )
    point = models.ForeignKey(
        Point, on_delete=models.CASCADE, null=True, blank=True, related_name="paroles", verbose_name="point"
    )
    convie = models.ForeignKey(
        Convie, on_delete=models.PROTECT, related_name="paroles", verbose_name="personne"
    )
    demandee_le = models.DateTimeField("demandée le", default=timezone.now)
    debut = models.DateTimeField("début", null=True, blank=True)
    fin = models.DateTimeField("fin", null=True, blank=True)
    retiree_le = models.DateTimeField("retirée le", null=True, blank=True)

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

    @property
    def suivi(self) -> Seance:
        return self.seance

    def refus(self, acte: str, par: Compte | None) -> ErreurMetier | None:
        if acte == "donner_la_parole" and (self.fin is not None or self.retiree_le is not None):
            return ActeInterdit(f"{self.convie} n’attend plus la parole.")
        return None


DU_VOTE_OUVERT = frozenset({"voter", "voter_pour", "compter_mains", "clore_vote"})


class Vote(Partie):
    """A question put to the vote. The rule that decides it is copied here when it opens."""

    class Forme(models.TextChoices):
        MAIN_LEVEE = "main_levee", "à main levée"
        NOMINATIF = "nominatif", "nominatif"
        SECRET = "secret", "à bulletin secret"

    class Resultat(models.TextChoices):
        ADOPTE = "adopte", "adopté"
        REJETE = "rejete", "rejeté"

    point = models.ForeignKey(Point, on_delete=models.PROTECT, related_name="votes", verbose_name="point")
    objet = models.CharField("question", max_length=200)
    forme = models.CharField("forme", max_length=12, choices=Forme, default=Forme.NOMINATIF)
    etat = models.CharField("état", max_length=10, choices=EtatVote, default=EtatVote.OUVERT)
    majorite = models.CharField("majorité", max_length=12, choices=Part)
    par_college = models.BooleanField("majorité dans chaque collège", default=False)
    voix_preponderante = models.BooleanField("voix prépondérante", default=False)
    quorum = models.JSONField("quorum à l’ouverture", default=dict)
    # Numbers of the Convie rows that may vote, and for whom: {"<convie>": [<convie>, mandants…]}.
    inscrits = models.JSONField("inscrits à l’ouverture", default=dict)
    ouvert_le = models.DateTimeField("ouvert le", default=timezone.now)
    clos_le = models.DateTimeField("clos le", null=True, blank=True)
    resultat = models.CharField("résultat", max_length=10, choices=Resultat, blank=True)
    a_l_egalite = models.BooleanField("égalité tranchée par la voix prépondérante", default=False)
    motif = models.CharField("raison de l’annulation", max_length=200, blank=True)
    par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="ouvert par",
    )

    class Meta:
        verbose_name = "vote"
        ordering = ["point", "ouvert_le", "pk"]
        constraints = [
            models.UniqueConstraint(
                "point",
                condition=Q(etat="ouvert"),
                name="vote_un_seul_ouvert_par_point",
                violation_error_message="Un vote est déjà ouvert sur ce point.",
            ),
            models.CheckConstraint(
                condition=~Q(etat="clos") | (~Q(resultat="") & Q(clos_le__isnull=False)),
                name="vote_clos_a_son_resultat",
            ),
        ]

    def __str__(self) -> str:
        return self.objet

    @property
    def suivi(self) -> Seance:
        return self.point.seance

    def refus(self, acte: str, par: Compte | None) -> ErreurMetier | None:
        if acte in DU_VOTE_OUVERT and self.etat != EtatVote.OUVERT:
            return ActeInterdit(f"Le vote « {self} » est {self.get_etat_display()}.")
        if acte == "annuler_vote" and self.etat == EtatVote.ANNULE:
            return ActeInterdit("Ce vote est déjà annulé.")
        if acte == "compter_mains" and self.forme != self.Forme.MAIN_LEVEE:
            return ActeInterdit(f"Ce vote est {self.get_forme_display()} : il ne se compte pas à main levée.")
        if acte == "voter_pour" and self.forme == self.Forme.SECRET:
            return ActeInterdit("Un bulletin secret se remplit soi-même.")
        return None

    def manques(self, acte: str, par: Compte | None) -> list[str]:
        est_a_main_levee = self.forme == self.Forme.MAIN_LEVEE
        if acte in {"voter", "voter_pour"} and est_a_main_levee:
            return ["Ce vote est à main levée : levez la main, l’animateur compte."]
        if acte == "clore_vote" and est_a_main_levee and not self.voix.exists():
            return ["Comptez d’abord les mains levées."]
        if acte == "annuler_vote" and self.decisions.exists():
            return ["Une décision s’appuie sur ce vote : il ne s’annule plus."]
        return []


class Emargement(models.Model):
    """Who has voted, once for each voice. Says nothing of what was voted, nor when to the second for a secret ballot."""

    vote = models.ForeignKey(Vote, on_delete=models.PROTECT, related_name="emargements", verbose_name="vote")
    convie = models.ForeignKey(
        Convie, on_delete=models.PROTECT, related_name="emargements", verbose_name="au nom de"
    )
    par = models.ForeignKey(Convie, on_delete=models.PROTECT, related_name="+", verbose_name="par")

    class Meta:
        verbose_name = "émargement"
        constraints = [
            models.UniqueConstraint(
                "vote",
                "convie",
                name="emargement_unique",
                violation_error_message="Cette voix est déjà donnée.",
            )
        ]

    def __str__(self) -> str:
        return str(self.convie)


class Bulletin(models.Model):
    """One voice. Its number is drawn at random and, when the ballot is secret, nothing ties it to a person."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    vote = models.ForeignKey(Vote, on_delete=models.PROTECT, related_name="bulletins", verbose_name="vote")
    sens = models.CharField("sens", max_length=10, choices=Sens)
    college = models.ForeignKey(
        College, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="collège"
    )
    convie = models.ForeignKey(
        Convie, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="au nom de"
    )

    class Meta:
        verbose_name = "bulletin"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                "vote",
                "convie",
                name="bulletin_unique",
                violation_error_message="Cette voix est déjà donnée.",
            )
        ]

    def __str__(self) -> str:
        return self.get_sens_display()


class VoixCollege(models.Model):
    """The count of a collège: entered by the facilitator for a show of hands, computed at closing for the others."""

    vote = models.ForeignKey(Vote, on_delete=models.CASCADE, related_name="voix", verbose_name="vote")
    college = models.ForeignKey(
        College, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="collège"
    )
    pour = models.PositiveSmallIntegerField("pour", default=0)
    contre = models.PositiveSmallIntegerField("contre", default=0)
    abstention = models.PositiveSmallIntegerField("abstention", default=0)
    nppv = models.PositiveSmallIntegerField("ne prend pas part", default=0)
    attendus = models.PositiveSmallIntegerField("attendus", default=0)

    class Meta:
        verbose_name = "voix d’un collège"
        verbose_name_plural = "voix des collèges"
        ordering = ["vote", "college__ordre"]
        constraints = [
            models.UniqueConstraint(
                fields=["vote", "college"], nulls_distinct=False, name="voix_une_ligne_par_college"
            )
        ]

    def __str__(self) -> str:
        return f"{self.college}: {self.pour}"


class Desaccord(models.Model):
    """Any member may have her disagreement recorded (CRPA R133-13)."""

    point = models.ForeignKey(
        Point, on_delete=models.CASCADE, related_name="desaccords", verbose_name="point"
    )
    convie = models.ForeignKey(Convie, on_delete=models.PROTECT, related_name="+", verbose_name="personne")
    texte = models.TextField("désaccord", max_length=2000)
    le = models.DateTimeField("le", default=timezone.now)

    class Meta:
        verbose_name = "désaccord"
        ordering = ["le"]
        constraints = [models.UniqueConstraint("point", "convie", name="desaccord_unique")]

    def __str__(self) -> str:
        return str(self.convie)
