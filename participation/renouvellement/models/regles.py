"""Rules of a campaign: collèges, questions, grid, reference population."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from participation.renouvellement.models.campagne import Campagne
from participation.renouvellement.workflow import ACTES_DE_TIRAGE, EST_TIRE, Choix
from participation.seances.models import College
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.francais import accorder
from participation.socle.models import CleEtrangere, CleUnique, Compte, Partie, PortePar
from participation.tirage.models import Tirage
from participation.tirage.workflow import EtatTirage


class CollegeCampagne(Partie):
    """Collège of the coming mandature: number of seats and mode of selection."""

    class Nature(models.TextChoices):
        HABITANTS = "habitants", "habitantes et habitants"
        ASSOCIATIONS = "associations", "associations"
        ELUS = "elus", "élus désignés par le conseil"

    class Mode(models.TextChoices):
        SELECTION = "selection", "sélection par un comité"
        TIRAGE = "tirage", "tirage au sort"

    MOTS_DU_SERVICE: ClassVar[frozenset[str]] = frozenset({"nom"})

    campagne = CleEtrangere(Campagne, related_name="colleges")
    nom = models.CharField("nom", max_length=80)
    ordre = models.PositiveSmallIntegerField("ordre", default=1)
    nature = models.CharField("ouvert à", max_length=12, choices=Nature, default=Nature.HABITANTS)
    mode = models.CharField("places attribuées par", max_length=10, choices=Mode, default=Mode.SELECTION)
    sieges = models.PositiveSmallIntegerField("places de titulaires", validators=[MinValueValidator(1)])
    avec_suppleants = models.BooleanField("avec un suppléant ou une suppléante", default=False)
    exclut_elus = models.BooleanField("fermé aux élus locaux", default=False)
    a_le_vote = models.BooleanField("droit de vote", default=True)
    conditions = models.CharField("autres conditions", max_length=300, blank=True)
    # The draw made here; the result of it, or of one made elsewhere
    tirage = CleUnique(Tirage, null=True, related_name="+", verbose_name="tirage au sort")
    tirage_reference = models.CharField("procès-verbal du tirage", max_length=160, blank=True)
    tirage_empreinte = models.CharField("empreinte du fichier de tirage", max_length=128, blank=True)
    tirage_le = models.DateField("date du tirage", null=True, blank=True)
    college = CleUnique(College, null=True, related_name="+", verbose_name="collège créé")

    suivi = PortePar[Campagne]("campagne")

    class Meta:
        verbose_name = "collège à renouveler"
        verbose_name_plural = "collèges à renouveler"
        ordering = ["campagne", "ordre", "pk"]
        constraints = [
            models.UniqueConstraint(
                "campagne",
                "nom",
                name="college_campagne_nom_unique",
                violation_error_message="Ce collège existe déjà.",
            ),
            models.CheckConstraint(
                condition=~Q(nature="elus") | Q(mode="selection"),
                name="college_campagne_elus_designes",
                violation_error_message="Les élus sont désignés par le conseil, pas tirés au sort.",
            ),
        ]

    def __str__(self) -> str:
        return self.nom

    @property
    def designation(self) -> str:
        return f"Collège « {self} », {accorder(self.sieges, 'place')}"

    @property
    def est_ouvert(self) -> bool:
        """Whether applications are accepted."""
        return self.nature != self.Nature.ELUS

    @property
    def est_associatif(self) -> bool:
        return self.nature == self.Nature.ASSOCIATIONS

    @property
    def est_tire(self) -> bool:
        return self.mode == self.Mode.TIRAGE

    @property
    def places_libres(self) -> int:
        """Seats neither held nor offered."""
        appelees = sum(1 for c in self.candidatures.filter(appelee_le__isnull=False) if c.attend_une_reponse)
        if self.college is not None:
            jour = max(timezone.localdate(), self.college.mandature.debut)
            prises = self.college.membres.titulaires().en_fonction(jour).count()
        else:
            prises = self.candidatures.deposees().filter(choix=Choix.RETENUE).count()
        return max(self.sieges - prises - appelees, 0)

    def refus(self, acte: str, par: Compte | None) -> ErreurMetier | None:
        if acte == "proposer_selection" and self.est_tire:
            return ActeInterdit(EST_TIRE)
        if acte in ACTES_DE_TIRAGE and not self.est_tire:
            return ActeInterdit("Les places de ce collège ne sont pas tirées au sort.")
        return None

    def manques(self, acte: str, par: Compte | None) -> list[str]:
        if acte == "proposer_selection":
            # A lecture of a reader who stepped aside has no mark.
            sans_note = self.candidatures.eligibles().exclude(lectures__moyenne__isnull=False).count()
            if sans_note:
                return [
                    f"{accorder(sans_note, 'candidature n’a', 'candidatures n’ont')} encore aucune note. "
                    "Attendez les lectures, ou répartissez-les à d’autres."
                ]
        return []

    def avant_d_appeler(self, acte: str, par: Compte | None) -> list[str]:
        if not self.places_libres:
            return [
                "Aucune place n’est libre dans ce collège, ou la personne appelée n’a pas encore répondu."
            ]
        if self.candidatures.suivante() is None:
            return ["La liste d’attente de ce collège est épuisée."]
        return []

    @property
    def tirage_vivant(self) -> Tirage | None:
        """The draw of these seats on this site, unless it was given up."""
        return None if self.tirage is None or self.tirage.etat == EtatTirage.ABANDONNE else self.tirage

    # A draw is prepared once, poured until it is frozen, and designates once it is drawn.
    def avant_de_preparer(self, acte: str, par: Compte | None) -> list[str]:
        if self.tirage_vivant is not None:
            return ["Un tirage au sort est déjà préparé pour ce collège."]
        return [] if self.sieges > 1 else ["Un tirage au sort sur ce site désigne deux personnes au moins."]

    def pas_tire_ici(self, acte: str, par: Compte | None) -> list[str]:
        if self.tirage_vivant is None:
            return []
        return ["Les places de ce collège sont tirées sur ce site : désignez selon ce tirage."]

    def avant_de_verser(self, acte: str, par: Compte | None) -> list[str]:
        if (tirage := self.tirage_vivant) is None:
            return ["Préparez d’abord le tirage au sort de ce collège."]
        return [] if tirage.etat == EtatTirage.PREPARATION else ["La liste de ce tirage est figée."]

    def avant_de_designer(self, acte: str, par: Compte | None) -> list[str]:
        if (tirage := self.tirage_vivant) is None:
            return ["Préparez d’abord le tirage au sort de ce collège."]
        if tirage.etat != EtatTirage.TIRE:
            return ["Le panel n’est pas encore tiré."]
        return ["Les places sont déjà désignées selon ce tirage."] if self.tirage_reference else []


class QuestionCampagne(models.Model):
    """Additional question of the form."""

    campagne = CleEtrangere(Campagne, related_name="questions")
    ordre = models.PositiveSmallIntegerField("ordre", default=1)
    libelle = models.CharField("question", max_length=200)
    aide = models.CharField("aide", max_length=300, blank=True)
    est_requise = models.BooleanField("réponse demandée", default=False)

    class Meta:
        verbose_name = "question"
        ordering = ["campagne", "ordre", "pk"]

    def __str__(self) -> str:
        return self.libelle


class CritereCampagne(models.Model):
    """Criterion of the grid of the comité de sélection."""

    campagne = CleEtrangere(Campagne, related_name="criteres")
    ordre = models.PositiveSmallIntegerField("ordre", default=1)
    libelle = models.CharField("critère", max_length=160)
    aide = models.CharField("comment noter", max_length=300, blank=True)
    poids = models.PositiveSmallIntegerField(
        "poids", default=1, validators=[MinValueValidator(1), MaxValueValidator(10)]
    )

    class Meta:
        verbose_name = "critère"
        ordering = ["campagne", "ordre", "pk"]

    def __str__(self) -> str:
        return self.libelle


class PartReference(models.Model):
    """Share of a group in the real population, typed by an agent with its source."""

    class Dimension(models.TextChoices):
        AGE = "age", "âge"
        GENRE = "genre", "genre"

    campagne = CleEtrangere(Campagne, related_name="parts")
    dimension = models.CharField("dimension", max_length=6, choices=Dimension)
    valeur = models.CharField("groupe", max_length=6)
    pourcent = models.DecimalField(
        "part (%)", max_digits=4, decimal_places=1, validators=[MinValueValidator(0), MaxValueValidator(100)]
    )

    class Meta:
        verbose_name = "part de référence"
        verbose_name_plural = "parts de référence"
        ordering = ["campagne", "dimension", "valeur"]
        constraints = [
            models.UniqueConstraint(
                "campagne",
                "dimension",
                "valeur",
                name="part_reference_unique",
                violation_error_message="Cette part est déjà donnée.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.valeur} : {self.pourcent} %"
