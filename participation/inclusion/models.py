"""What is kept: answers to the questions of the profile, shares of the real population, actions of aller-vers."""

from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from participation.inclusion import workflow
from participation.inclusion.workflow import VALEURS, Critere, EtatAction, EtatCommande, EtatLigne, EtatLot
from participation.socle.erreurs import Manque
from participation.socle.francais import jour_texte, majuscule
from participation.socle.liens import Lien
from participation.socle.models import (
    CleEtrangere,
    Compte,
    Dossier,
    DossierQuerySet,
    Reglement,
    ReglementQuerySet,
    Scelle,
)
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


class DecompteDeProfil(models.Model):
    """The answers after a secret vote, in numbers alone: question → answer → number, one row for the vote.

    A row for each answer would stand, in the table and by its number of transaction, beside the ballot cast just before.
    """

    nature = models.CharField("démarche", max_length=20)
    numero = models.PositiveBigIntegerField("numéro de la démarche")
    effectifs = models.JSONField("effectifs", default=dict)

    class Meta:
        verbose_name = "décompte de profils"
        verbose_name_plural = "décomptes de profils"
        constraints = [
            models.UniqueConstraint(
                "nature",
                "numero",
                name="decompte_profil_unique",
                violation_error_message="Cette démarche a déjà un décompte.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.nature} {self.numero}"


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


class LotPapier(Dossier):
    """A table of what people wrote on paper: read by the worker, approved line by line before anything counts."""

    PREFIXE = "LOT"
    TRANSITIONS: ClassVar[Table] = workflow.ACTES_DES_LOTS
    APPARENCES: ClassVar[dict[str, Apparence]] = workflow.APPARENCES_DES_LOTS
    SUJET = "le lot"

    etat = models.CharField("état", max_length=12, choices=EtatLot, default=EtatLot.A_LIRE)
    genre = models.CharField("ce que disent les papiers", max_length=20)
    cible = models.PositiveBigIntegerField("numéro de la démarche")
    empreinte = models.CharField("empreinte du fichier", max_length=64)
    fichier = models.FileField("fichier", upload_to="inclusion/papier/%Y/%m/", blank=True)
    nom = models.CharField("nom du fichier", max_length=160)
    colonnes = models.JSONField("colonnes lues", default=list, blank=True)
    raison = models.CharField("pourquoi il est refusé", max_length=300, blank=True)

    objects: ClassVar[Any] = DossierQuerySet.as_manager()

    class Meta:
        verbose_name = "lot de papier"
        verbose_name_plural = "lots de papier"
        constraints = [
            models.UniqueConstraint(
                fields=["genre", "cible", "empreinte"],
                condition=~Q(etat__in=[EtatLot.ILLISIBLE, EtatLot.ANNULE]),
                name="lot_papier_une_fois",
                violation_error_message="Ce fichier a déjà été envoyé : rien n’est enregistré deux fois.",
            )
        ]

    def get_absolute_url(self) -> str:
        return reverse("inclusion:lot", args=[self.pk])

    @property
    def fil_avant(self) -> list[tuple[str, str]]:
        return [("Papier", reverse("inclusion:lots"))]


class LignePapier(models.Model):
    """A row of the table. Its values are erased once it is retained: what they made is elsewhere."""

    lot = CleEtrangere(LotPapier, on_delete=models.CASCADE, related_name="lignes")
    numero = models.PositiveIntegerField("ligne du tableau")
    valeurs = models.JSONField("réponses, par colonne", default=dict, blank=True)
    etat = models.CharField("état", max_length=8, choices=EtatLigne, default=EtatLigne.A_VOIR)
    raison = models.CharField("ce qui ne va pas", max_length=1000, blank=True)
    par = CleEtrangere(Compte, null=True, related_name="+", verbose_name="décidée par")

    class Meta:
        verbose_name = "ligne de papier"
        verbose_name_plural = "lignes de papier"
        ordering = ["lot", "numero"]
        constraints = [
            models.UniqueConstraint(
                fields=["lot", "numero"],
                name="ligne_papier_unique",
                violation_error_message="Cette ligne est déjà lue.",
            )
        ]

    def __str__(self) -> str:
        return f"ligne {self.numero}"


def lignes_a_voir(lot: LotPapier, acte: str, par: Compte | None) -> list[str]:
    return [] if lot.lignes.filter(etat=EtatLigne.A_VOIR).exists() else ["Aucune ligne n’attend."]


def lignes_vues(lot: LotPapier, acte: str, par: Compte | None) -> list[str]:
    if lot.lignes.filter(etat=EtatLigne.A_VOIR).exists():
        return ["Des lignes attendent encore : retenez-les, ou refusez-les."]
    return []


def rien_de_retenu(lot: LotPapier, acte: str, par: Compte | None) -> list[str]:
    if lot.lignes.filter(etat=EtatLigne.RETENUE).exists():
        return [
            Manque(
                "Des lignes sont déjà retenues : refusez les autres, puis fermez le lot.",
                acte="refuser_lignes",
            )
        ]
    return []


class CommandeDeBesoin(Scelle, Dossier):
    """What is ordered for a need of a meeting: from whom, for how many, at what cost. The provider confirms by its link.

    `page` and `besoin` are those of the list of needs (`BesoinATenir`).
    """

    LIEN: ClassVar[Lien] = Lien("inclusion.commande")
    PREFIXE = "CDE"
    TRANSITIONS: ClassVar[Table] = workflow.ACTES_DES_COMMANDES
    APPARENCES: ClassVar[dict[str, Apparence]] = workflow.APPARENCES_DES_COMMANDES
    SUJET = "la commande"

    etat = models.CharField("état", max_length=10, choices=EtatCommande, default=EtatCommande.COMMANDEE)
    reunion = models.CharField("rencontre", max_length=300)
    page = models.CharField("page de la rencontre", max_length=200)
    quand = models.DateTimeField("le")
    besoin = models.CharField("besoin", max_length=160)
    combien = models.PositiveIntegerField("pour combien de personnes", validators=[MinValueValidator(1)])
    prestataire = models.CharField("prestataire", max_length=160)
    courriel = models.EmailField("courriel du prestataire", blank=True)
    precisions = models.TextField("ce qu’il doit savoir", max_length=1000, blank=True)
    cout = models.DecimalField(
        "coût (€)", max_digits=9, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    mot = models.CharField("ce que dit le prestataire", max_length=300, blank=True)
    confirmee_le = models.DateTimeField("confirmée le", null=True, blank=True)

    objects: ClassVar[Any] = DossierQuerySet.as_manager()

    class Meta:
        verbose_name = "commande pour un besoin"
        verbose_name_plural = "commandes pour des besoins"
        constraints = [
            models.UniqueConstraint(
                "page",
                "besoin",
                condition=~Q(etat=EtatCommande.ANNULEE),
                name="commande_une_fois",
                violation_error_message="Ce besoin est déjà commandé : annulez d’abord l’autre commande.",
            )
        ]

    def get_absolute_url(self) -> str:
        return reverse("inclusion:commande", args=[self.pk])

    @property
    def fil_avant(self) -> list[tuple[str, str]]:
        return [("Besoins", reverse("inclusion:besoins"))]

    def mots_de_suite(self) -> dict[str, str]:
        return {"quand": jour_texte(self.quand)}
