"""What is kept: answers to the questions of the profile, shares of the real population, actions of aller-vers."""

from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from participation.inclusion import workflow
from participation.inclusion.workflow import VALEURS, Critere, EtatAction
from participation.socle.francais import jour_texte, majuscule
from participation.socle.models import Dossier, DossierQuerySet, Reglement, ReglementQuerySet
from participation.socle.workflow import Apparence, Table


class ReglementInclusion(Reglement):
    """Rules of the declared profile. No text of law was found that fixes these figures: the service sets them."""

    plus_petit = models.PositiveSmallIntegerField(
        "plus petit nombre montré",
        default=5,
        validators=[MinValueValidator(3)],
        help_text="En dessous, un groupe est caché, avec un autre s’il le faut pour qu’il ne se devine pas.",
    )
    jours_pour_repondre = models.PositiveSmallIntegerField(
        "jours pour répondre", default=7, help_text="Depuis le jour où la personne a participé."
    )

    objects = ReglementQuerySet["ReglementInclusion"].as_manager()

    class Meta(Reglement.Meta):
        verbose_name = "règlement de l’inclusion"
        verbose_name_plural = "règlements de l’inclusion"


class ReponseDeProfil(models.Model):
    """One answer of one person to one question, about one démarche; nothing in it says who.

    `cle` is a keyed hash of the participation and of the question: the same person answers once, may change or
    take her answer away, and two of her answers cannot be put together by who reads the table.
    """

    cle = models.CharField("clé", max_length=64, primary_key=True, editable=False)
    nature = models.CharField("démarche", max_length=20)
    numero = models.PositiveBigIntegerField("numéro de la démarche")
    critere = models.CharField("question", max_length=12, choices=Critere)
    valeur = models.CharField("réponse", max_length=8)

    class Meta:
        verbose_name = "réponse de profil"
        verbose_name_plural = "réponses de profil"
        indexes = [models.Index("nature", "numero", "critere", "valeur", name="reponse_profil_demarche")]

    def __str__(self) -> str:
        return f"{self.get_critere_display()} : {self.valeur}"


# Groups whose share of the population is typed; communes and quartiers have theirs in their own tables.
COMPARES = (Critere.AGE, Critere.GENRE, Critere.LANGUE, Critere.AMENAGEMENT)


class PartDePopulation(models.Model):
    """Share of a group in the population of the territory, typed by an agent with its source."""

    critere = models.CharField(
        "question", max_length=12, choices=[(c.value, majuscule(c.label)) for c in COMPARES]
    )
    valeur = models.CharField("groupe", max_length=8)
    pourcent = models.DecimalField(
        "part (%)", max_digits=4, decimal_places=1, validators=[MinValueValidator(0), MaxValueValidator(100)]
    )
    source = models.CharField("source", max_length=200, help_text="Qui a compté, où le lire.")
    annee = models.PositiveSmallIntegerField("année", validators=[MinValueValidator(1990)])

    class Meta:
        verbose_name = "part de la population"
        verbose_name_plural = "parts de la population"
        ordering = ["critere", "valeur"]
        constraints = [
            models.UniqueConstraint(
                "critere",
                "valeur",
                name="part_population_unique",
                violation_error_message="La part de ce groupe est déjà donnée.",
            ),
            models.CheckConstraint(
                condition=Q(*(Q(critere=c, valeur__in=VALEURS[c].values) for c in COMPARES), _connector=Q.OR),
                name="part_population_groupe_connu",
                violation_error_message="Ce groupe n’est pas une réponse à cette question.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.groupe} : {self.pourcent} %"

    @property
    def groupe(self) -> str:
        return str(dict(VALEURS[self.critere].choices).get(self.valeur, self.valeur))


class ActionAllerVers(Dossier):
    """The service goes where people are: who, where, when, with whom; then what it brought, and at what cost."""

    PREFIXE = "ALV"
    TRANSITIONS: ClassVar[Table] = workflow.TRANSITIONS
    APPARENCES: ClassVar[dict[str, Apparence]] = workflow.APPARENCES
    SUJET = "l’action"

    etat = models.CharField("état", max_length=10, choices=EtatAction, default=EtatAction.PREVUE)
    date_prevue = models.DateField("jour", default=timezone.localdate)
    lieu = models.CharField("lieu", max_length=160)
    public = models.CharField("qui nous voulons rencontrer", max_length=200)
    relais = models.CharField(
        "avec quel relais",
        max_length=200,
        blank=True,
        help_text="Association, gardien, centre social, école…",
    )
    demarche = models.CharField("pour quelle démarche", max_length=160, blank=True)
    rencontrees = models.PositiveIntegerField("personnes rencontrées", null=True, blank=True)
    venues = models.PositiveIntegerField(
        "personnes qui ont ensuite participé",
        null=True,
        blank=True,
        help_text="Signé, dit quelque chose, inscrites : ce que vous savez. Vide : pas compté.",
    )
    heures = models.DecimalField(
        "heures de travail",
        max_digits=6,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    cout = models.DecimalField(
        "dépenses (€)",
        max_digits=9,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    bilan = models.TextField("ce que nous avons entendu et appris", max_length=3000, blank=True)

    objects: ClassVar[Any] = DossierQuerySet.as_manager()

    class Meta:
        verbose_name = "action d’aller-vers"
        verbose_name_plural = "actions d’aller-vers"
        constraints = [
            models.CheckConstraint(
                condition=~Q(etat=EtatAction.FAITE) | Q(rencontrees__isnull=False),
                name="aller_vers_faite_a_un_bilan",
                violation_error_message="Dites combien de personnes ont été rencontrées.",
            )
        ]

    def get_absolute_url(self) -> str:
        return reverse("inclusion:aller_vers", args=[self.pk])

    @property
    def fil_avant(self) -> list[tuple[str, str]]:
        return [("Aller-vers", reverse("inclusion:liste_aller_vers"))]

    def mots_de_suite(self) -> dict[str, str]:
        return {"quand": jour_texte(self.date_prevue)}
