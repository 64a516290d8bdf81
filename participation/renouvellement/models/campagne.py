"""A campaign, its rules, and its journal."""

from datetime import datetime, time, timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from participation.renouvellement import workflow
from participation.renouvellement.workflow import PUBLIQUES, EtatCampagne
from participation.seances.models import College, Instance, Mandature
from participation.socle.francais import jour_texte
from participation.socle.models import Compte, LigneDeJournal, ineffacable
from participation.socle.workflow import Apparence, Role, Table


class CampagneQuerySet(models.QuerySet["Campagne"]):
    def publiques(self) -> Self:
        """Those whose call was published, the most recent first."""
        return self.filter(etat__in=PUBLIQUES)


class Campagne(models.Model):
    """A renewal of an instance. Its rules are frozen when the call is published; dates may then only be put back."""

    TRANSITIONS: ClassVar[Table] = workflow.TRANSITIONS
    APPARENCES: ClassVar[dict[str, Apparence]] = workflow.APPARENCES

    instance = models.ForeignKey(
        Instance, on_delete=models.PROTECT, related_name="+", verbose_name="instance"
    )
    titre = models.CharField(
        "titre", max_length=160, help_text="Par exemple « Rejoindre la CCSPL, 2027-2030 »."
    )
    designation = models.CharField(
        "comment la nommer dans une phrase",
        max_length=60,
        help_text="Avec son article : « la commission », « le comité ». Pour « Pourquoi voulez-vous rejoindre la commission ? ».",
    )
    mandature_intitule = models.CharField(
        "mandature à venir", max_length=80, help_text="Par exemple « 2027-2030 »."
    )
    mandature_debut = models.DateField("début de la mandature")
    mandature_fin = models.DateField("fin de la mandature", null=True, blank=True)
    # What people read
    presentation = models.TextField(
        "ce que c’est", max_length=4000, help_text="À quoi sert l’instance, ce que font ses membres."
    )
    facile = models.TextField(
        "en bref, facile à lire",
        max_length=2000,
        blank=True,
        help_text="Des phrases très courtes, une idée par ligne. Pas de mot difficile.",
    )
    temps_demande = models.TextField(
        "le temps demandé", max_length=1000, help_text="Combien de réunions, quand, combien de temps."
    )
    soutien = models.TextField(
        "l’aide proposée",
        max_length=1000,
        blank=True,
        help_text="Interprète, garde d’enfants, transport, formation…",
    )
    # Rules
    ouverture = models.DateField("ouverture de l’appel")
    cloture = models.DateField("dernier jour de l’appel", help_text="L’appel se ferme ce jour-là à minuit.")
    grace_heures = models.PositiveSmallIntegerField(
        "heures pour confirmer après la clôture",
        default=24,
        help_text="Une candidature envoyée à temps peut encore être confirmée pendant ces heures.",
    )
    age_minimum = models.PositiveSmallIntegerField(
        "âge demandé", default=18, validators=[MinValueValidator(10), MaxValueValidator(99)]
    )
    note_max = models.PositiveSmallIntegerField(
        "note la plus haute", default=5, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    lectures_par_candidature = models.PositiveSmallIntegerField(
        "lectures par candidature", default=2, validators=[MinValueValidator(1), MaxValueValidator(10)]
    )
    a_l_aveugle = models.BooleanField(
        "noms masqués au comité", default=False, help_text="Le comité lit les candidatures sans les noms."
    )
    reponse_jours = models.PositiveSmallIntegerField(
        "jours pour répondre à un appel de la liste d’attente",
        default=15,
        validators=[MinValueValidator(1), MaxValueValidator(180)],
    )
    conservation_mois = models.PositiveSmallIntegerField(
        "mois de conservation des candidatures non retenues",
        validators=[MaxValueValidator(120)],
        help_text="À compter de la liste arrêtée. L’effacement est proposé, jamais automatique.",
    )
    vivier_mois = models.PositiveSmallIntegerField(
        "mois de conservation avec accord",
        default=24,
        validators=[MaxValueValidator(120)],
        help_text="Pour les personnes qui acceptent d’être recontactées.",
    )
    purge_jours = models.PositiveSmallIntegerField(
        "jours avant d’effacer une demande jamais confirmée", default=15, validators=[MinValueValidator(1)]
    )
    courriels_max = models.PositiveSmallIntegerField(
        "lettres au plus à une même adresse", default=5, validators=[MinValueValidator(1)]
    )
    demandes_par_heure = models.PositiveSmallIntegerField(
        "candidatures au plus par heure depuis un même réseau", default=30, validators=[MinValueValidator(1)]
    )
    comite = models.ForeignKey(
        Instance,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="comité de sélection",
        help_text="L’instance qui se réunit pour la sélection, si elle existe ici.",
    )
    source_parts = models.TextField(
        "source des parts de référence", blank=True, max_length=600, help_text="Recensement, année, lien."
    )
    # Life
    etat = models.CharField("état", max_length=12, choices=EtatCampagne, default=EtatCampagne.BROUILLON)
    cree_le = models.DateTimeField("créée le", default=timezone.now, editable=False)
    arretee_le = models.DateTimeField("arrêtée le", null=True, blank=True)
    deliberation = models.CharField("délibération de nomination", max_length=160, blank=True)
    date_deliberation = models.DateField("date de la délibération", null=True, blank=True)
    nommee_le = models.DateTimeField("membres nommés le", null=True, blank=True)
    mandature = models.OneToOneField(
        Mandature,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="campagne",
        verbose_name="mandature",
    )
    finie_le = models.DateTimeField("finie le", null=True, blank=True)

    objects = CampagneQuerySet.as_manager()

    class Meta:
        verbose_name = "campagne de renouvellement"
        verbose_name_plural = "campagnes de renouvellement"
        ordering = ["-ouverture", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(cloture__gte=F("ouverture")),
                name="campagne_dates_ordonnees",
                violation_error_message="Le dernier jour de l’appel précède son ouverture.",
            ),
            models.CheckConstraint(
                condition=Q(mandature_fin__isnull=True) | Q(mandature_fin__gte=F("mandature_debut")),
                name="campagne_mandature_ordonnee",
                violation_error_message="La fin de la mandature précède son début.",
            ),
            models.CheckConstraint(
                condition=~Q(etat__in=["arretee", "installee"]) | Q(arretee_le__isnull=False),
                name="campagne_arretee_datee",
                violation_error_message="Une liste arrêtée porte sa date.",
            ),
        ]

    def __str__(self) -> str:
        return self.titre

    def get_absolute_url(self) -> str:
        return reverse("renouvellement:campagne", args=[self.pk])

    def get_public_url(self) -> str:
        return reverse("renouvellement:candidater", args=[self.instance.cle])

    @property
    def apparence(self) -> Apparence:
        return self.APPARENCES[self.etat]

    @property
    def debut(self) -> datetime:
        """The instant when candidatures begin: midnight, local time."""
        return timezone.make_aware(datetime.combine(self.ouverture, time.min))

    @property
    def fin(self) -> datetime:
        """The instant when the call ends: midnight at the end of its last day, local time whatever the clock does that night."""
        return timezone.make_aware(datetime.combine(self.cloture + timedelta(days=1), time.min))

    @property
    def fin_des_confirmations(self) -> datetime:
        return self.fin + timedelta(hours=self.grace_heures)

    def recoit(self, instant: datetime | None = None) -> bool:
        """May somebody send or change a candidature now?"""
        instant = instant or timezone.now()
        return self.etat == EtatCampagne.OUVERTE and self.debut <= instant < self.fin

    def confirme(self, instant: datetime | None = None) -> bool:
        """May somebody who wrote in time still confirm? The call may have been closed by the clock in between."""
        instant = instant or timezone.now()
        return (
            self.etat in {EtatCampagne.OUVERTE, EtatCampagne.CLOSE}
            and self.debut <= instant < self.fin_des_confirmations
        )

    @property
    def phase(self) -> str:
        """For the public: a_venir, ouverte, close."""
        if self.etat == EtatCampagne.OUVERTE and timezone.now() < self.debut:
            return "a_venir"
        return "ouverte" if self.recoit() else "close"

    def mots_de_suite(self) -> dict[str, str]:
        return {"ouverture": jour_texte(self.ouverture), "cloture": jour_texte(self.cloture)}

    def roles_de(self, compte: Compte | None) -> frozenset[str]:
        return compte.roles if compte is not None else frozenset({Role.SYSTEME})

    def permet(self, acte: str, par: Compte | None) -> bool:
        transition = self.TRANSITIONS[acte]
        return self.etat in transition.de and bool(transition.par & self.roles_de(par))


class CollegeCampagne(models.Model):
    """A collège of the coming mandature: how many seats, how they are filled."""

    class Nature(models.TextChoices):
        HABITANTS = "habitants", "habitantes et habitants"
        ASSOCIATIONS = "associations", "associations"
        ELUS = "elus", "élus désignés par le conseil"

    class Mode(models.TextChoices):
        SELECTION = "selection", "sélection par un comité"
        TIRAGE = "tirage", "tirage au sort"

    campagne = models.ForeignKey(
        Campagne, on_delete=models.PROTECT, related_name="colleges", verbose_name="campagne"
    )
    nom = models.CharField("nom", max_length=80)
    ordre = models.PositiveSmallIntegerField("ordre", default=1)
    nature = models.CharField("ouvert à", max_length=12, choices=Nature, default=Nature.HABITANTS)
    mode = models.CharField("places attribuées par", max_length=10, choices=Mode, default=Mode.SELECTION)
    sieges = models.PositiveSmallIntegerField("places de titulaires", validators=[MinValueValidator(1)])
    avec_suppleants = models.BooleanField("avec un suppléant ou une suppléante", default=False)
    exclut_elus = models.BooleanField("fermé aux élus locaux", default=False)
    a_le_vote = models.BooleanField("droit de vote", default=True)
    conditions = models.CharField("autres conditions", max_length=300, blank=True)
    # The result of a draw made elsewhere
    tirage_reference = models.CharField("procès-verbal du tirage", max_length=160, blank=True)
    tirage_empreinte = models.CharField("empreinte du fichier de tirage", max_length=128, blank=True)
    tirage_le = models.DateField("date du tirage", null=True, blank=True)
    college = models.OneToOneField(
        College,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="collège créé",
    )

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
    def est_ouvert(self) -> bool:
        """People may apply."""
        return self.nature != self.Nature.ELUS

    @property
    def est_associatif(self) -> bool:
        return self.nature == self.Nature.ASSOCIATIONS

    @property
    def est_tire(self) -> bool:
        return self.mode == self.Mode.TIRAGE


class QuestionCampagne(models.Model):
    """One more question of the form."""

    campagne = models.ForeignKey(
        Campagne, on_delete=models.PROTECT, related_name="questions", verbose_name="campagne"
    )
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
    """A line of the grid of the comité de sélection."""

    campagne = models.ForeignKey(
        Campagne, on_delete=models.PROTECT, related_name="criteres", verbose_name="campagne"
    )
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
    """The share of a group in the real population, filled by an agent from a source that she names: never invented."""

    class Dimension(models.TextChoices):
        AGE = "age", "âge"
        GENRE = "genre", "genre"

    campagne = models.ForeignKey(
        Campagne, on_delete=models.PROTECT, related_name="parts", verbose_name="campagne"
    )
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
            models.UniqueConstraint("campagne", "dimension", "valeur", name="part_reference_unique")
        ]

    def __str__(self) -> str:
        return f"{self.valeur} : {self.pourcent} %"


class EtapeInstallation(models.Model):
    """A line of the handover checklist."""

    campagne = models.ForeignKey(
        Campagne, on_delete=models.PROTECT, related_name="etapes", verbose_name="campagne"
    )
    ordre = models.PositiveSmallIntegerField("ordre", default=1)
    libelle = models.CharField("étape", max_length=160)
    aide = models.CharField("précision", max_length=300, blank=True)
    est_requise = models.BooleanField("nécessaire pour installer", default=False)
    faite_le = models.DateField("faite le", null=True, blank=True)
    faite_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="faite par",
    )

    class Meta:
        verbose_name = "étape de l’installation"
        verbose_name_plural = "étapes de l’installation"
        ordering = ["campagne", "ordre", "pk"]

    def __str__(self) -> str:
        return self.libelle


class EntreeCampagne(LigneDeJournal):
    """One line of a campaign's journal: the database refuses that it be changed or removed. It names no candidate."""

    SUR = ("candidature",)

    campagne = models.ForeignKey(
        Campagne, on_delete=models.PROTECT, related_name="journal", verbose_name="campagne"
    )
    candidature = models.ForeignKey(
        "renouvellement.Candidature",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="journal",
        verbose_name="candidature",
    )

    class Meta(LigneDeJournal.Meta):
        verbose_name = "entrée du journal de campagne"
        verbose_name_plural = "journal des campagnes"
        triggers = [ineffacable("campagne")]
