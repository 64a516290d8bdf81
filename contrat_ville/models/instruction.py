"""Instruction of a projet: distribution rules, grid, comments, messages, opinions, who steps aside."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from contrat_ville.models.cadre import Axe
from contrat_ville.models.programmations import Critere
from contrat_ville.models.projets import Projet
from contrat_ville.regles import NON_REMPLI, REMPLI, SANS_OBJET
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.models import CleEtrangere, CleUnique, Compte, Demande, Partie, PortePar, Quartier


class RegleDeRepartition(models.Model):
    """Who instructs which projets. An empty condition accepts any projet.

    The first rule that applies chooses the least loaded of its instructors (`actions.instruction.repartir`).
    """

    ordre = models.PositiveSmallIntegerField("ordre", default=100)
    axe = CleEtrangere(Axe, null=True, related_name="regles_de_repartition")
    quartier = CleEtrangere(Quartier, null=True, related_name="regles_de_repartition")
    culture = models.BooleanField("projets culturels seulement", default=False)
    participation = models.BooleanField("projets de participation seulement", default=False)
    instructeurs = models.ManyToManyField(
        Compte, related_name="regles_de_repartition", verbose_name="instructeurs"
    )
    est_active = models.BooleanField("appliquée", default=True)

    class Meta:
        verbose_name = "règle de répartition"
        verbose_name_plural = "règles de répartition"
        ordering = ["ordre", "pk"]

    def __str__(self) -> str:
        return self.en_phrase

    @property
    def en_phrase(self) -> str:
        """Return « axe Égalité, quartier Village Sud, projet culturel », or « tout projet »."""
        conditions = [
            f"axe {self.axe}" if self.axe_id else "",
            f"quartier {self.quartier}" if self.quartier_id else "",
            "projet culturel" if self.culture else "",
            "projet de participation" if self.participation else "",
        ]
        return ", ".join(mot for mot in conditions if mot) or "tout projet"

    def convient(self, axe: int | None, quartiers: set[int], *, culture: bool, participation: bool) -> bool:
        return (
            (self.axe_id is None or self.axe_id == axe)
            and (self.quartier_id is None or self.quartier_id in quartiers)
            and (not self.culture or culture)
            and (not self.participation or participation)
        )


class Evaluation(models.Model):
    """The grid of one projet filled in by one instructor. Each instructor has their own."""

    projet = CleEtrangere(Projet, related_name="evaluations", on_delete=models.CASCADE)
    instructeur = CleEtrangere(Compte, related_name="evaluations_de_projets")
    synthese = models.TextField("synthèse", blank=True, max_length=4000)
    # Incremented by each save: detects that the same instructor has two windows open.
    version = models.PositiveIntegerField("version", default=0)
    modifiee_le = models.DateTimeField("modifiée le", auto_now=True)

    class Meta:
        verbose_name = "évaluation"
        ordering = ["projet", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["projet", "instructeur"],
                name="evaluation_une_par_instructeur",
                violation_error_message="Cette personne a déjà une grille sur ce projet.",
            )
        ]

    def __str__(self) -> str:
        return f"grille de {self.instructeur}"


class Jugement(models.Model):
    """Result or mark of one criterion, with the reason."""

    class Resultat(models.TextChoices):
        REMPLI = REMPLI, "rempli"
        NON_REMPLI = NON_REMPLI, "non rempli"
        SANS_OBJET = SANS_OBJET, "sans objet"

    evaluation = CleEtrangere(Evaluation, related_name="jugements", on_delete=models.CASCADE)
    critere = CleEtrangere(Critere, related_name="jugements", verbose_name="critère")
    resultat = models.CharField("résultat", max_length=10, choices=Resultat, blank=True)
    note = models.PositiveSmallIntegerField("note", null=True, blank=True, validators=[MaxValueValidator(20)])
    raison = models.CharField("raison", max_length=600, blank=True)

    class Meta:
        verbose_name = "jugement"
        ordering = ["evaluation", "critere"]
        constraints = [
            models.UniqueConstraint(
                fields=["evaluation", "critere"],
                name="jugement_un_par_critere",
                violation_error_message="Ce critère est déjà jugé.",
            ),
            models.CheckConstraint(
                condition=~Q(resultat=NON_REMPLI) | ~Q(raison=""),
                name="jugement_non_rempli_motive",
                violation_error_message="Dites pourquoi le critère n’est pas rempli.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.critere} : {self.get_resultat_display() or self.note}"


class Commentaire(Partie):
    """A question on one field of a projet: open, resolved by the team, then closed by an agent."""

    class Etat(models.TextChoices):
        OUVERT = "ouvert", "ouvert"
        RESOLU = "resolu", "résolu"
        CLOS = "clos", "clos"

    projet = CleEtrangere(Projet, related_name="commentaires")
    champ = models.CharField("champ", max_length=40)
    texte = models.TextField("commentaire", max_length=2000)
    etat = models.CharField("état", max_length=8, choices=Etat, default=Etat.OUVERT)
    par = CleEtrangere(Compte, related_name="+", verbose_name="écrit par")
    ecrit_le = models.DateTimeField("écrit le", default=timezone.now)
    reponse = models.TextField("ce que dit l’équipe", blank=True, max_length=2000)
    resolu_le = models.DateTimeField("résolu le", null=True, blank=True)

    suivi = PortePar[Projet]("projet")

    class Meta:
        verbose_name = "commentaire"
        ordering = ["projet", "ecrit_le", "pk"]

    def __str__(self) -> str:
        return f"commentaire sur « {self.nom_du_champ} »"

    @property
    def nom_du_champ(self) -> str:
        return COMMENTABLES.get(self.champ, self.champ)

    def refus(self, acte: str, par: Compte | None) -> ErreurMetier | None:
        if acte == "resoudre_commentaire" and self.etat != self.Etat.OUVERT:
            return ActeInterdit("Ce commentaire n’attend plus de réponse.")
        if acte == "clore_commentaire" and self.etat == self.Etat.CLOS:
            return ActeInterdit("Ce commentaire est déjà clos.")
        return None


# Fields that may be commented on, with the labels of the form.
COMMENTABLES: dict[str, str] = {
    **{
        champ.name: str(champ.verbose_name)
        for champ in Projet._meta.concrete_fields
        if champ.name
        in {
            "titre",
            "objet",
            "description",
            "objectifs",
            "publics",
            "participation_habitants",
            "date_debut",
            "moyens_humains",
            "moyens_materiels",
            "evaluation_prevue",
        }
    },
    "budget": "budget",
    "pieces": "pièces",
}


class MessageQuerySet(models.QuerySet["MessageProjet"]):
    def a_lire_par_le_service(self) -> Self:
        return self.filter(est_du_porteur=True, lu_le=None)


class MessageProjet(Partie):
    """A message between the team of a projet and the service."""

    projet = CleEtrangere(Projet, related_name="messages")
    par = CleEtrangere(Compte, related_name="+", verbose_name="écrit par")
    est_du_porteur = models.BooleanField("écrit par l’équipe du projet", default=False)
    texte = models.TextField("message", max_length=6000)
    ecrit_le = models.DateTimeField("écrit le", default=timezone.now)
    lu_le = models.DateTimeField("lu le", null=True, blank=True)

    objects: ClassVar[Any] = MessageQuerySet.as_manager()
    suivi = PortePar[Projet]("projet")

    class Meta:
        verbose_name = "message"
        verbose_name_plural = "messages"
        ordering = ["projet", "ecrit_le", "pk"]
        indexes = [
            models.Index(
                fields=["ecrit_le"],
                condition=Q(est_du_porteur=True, lu_le__isnull=True),
                name="message_projet_a_lire",
            )
        ]

    def __str__(self) -> str:
        return f"message de {self.par}"

    def refus(self, acte: str, par: Compte | None) -> ErreurMetier | None:
        if self.lu_le is not None or not self.est_du_porteur:
            return ActeInterdit("Ce message n’attend pas d’être lu.")
        return None


class PhotoProjet(models.Model):
    """Copy of the texts of a projet when a complément is asked for, and when it is given back.

    It shows the instructor only what changed.
    """

    demande = CleUnique(Demande, related_name="photo_projet")
    avant = models.JSONField("avant", default=dict, help_text="Champ → texte.")
    apres = models.JSONField("après", null=True, blank=True)

    class Meta:
        verbose_name = "photo d’un projet"
        verbose_name_plural = "photos des projets"

    def __str__(self) -> str:
        return str(self.demande)


class AvisRendu(models.Model):
    """Opinion of a partner on a projet. Its text, date and author are in the demande."""

    class Sens(models.TextChoices):
        FAVORABLE = "favorable", "favorable"
        RESERVE = "reserve", "favorable avec réserve"
        DEFAVORABLE = "defavorable", "défavorable"
        SANS_AVIS = "sans_avis", "sans avis"

    # These opinions require a reason.
    A_MOTIVER: ClassVar[frozenset[str]] = frozenset({"reserve", "defavorable"})

    demande = CleUnique(Demande, related_name="avis_rendu")
    sens = models.CharField("avis", max_length=12, choices=Sens)

    class Meta:
        verbose_name = "avis rendu"
        verbose_name_plural = "avis rendus"

    def __str__(self) -> str:
        return self.get_sens_display()


class Deport(models.Model):
    """A member steps aside from one projet.

    The team of the projet is always set aside, without a row here.
    """

    projet = CleEtrangere(Projet, related_name="deports")
    compte = CleEtrangere(settings.AUTH_USER_MODEL, related_name="+", verbose_name="membre")
    motif = models.CharField("motif", max_length=200, blank=True)
    le = models.DateTimeField("le", default=timezone.now)

    class Meta:
        verbose_name = "déport d’un projet"
        verbose_name_plural = "déports des projets"
        ordering = ["le", "pk"]
        constraints = [
            models.UniqueConstraint(
                "projet",
                "compte",
                name="deport_projet_unique",
                violation_error_message="Ce déport est déjà noté.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.compte} se déporte"
