"""A suite: what was asked or promised, the direction in charge, the expected day, the answer."""

from datetime import date, timedelta
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import DateField, F, Func, Q
from django.db.models.functions import TruncDate
from django.db.models.lookups import GreaterThanOrEqual, LessThan
from django.urls import reverse
from django.utils import timezone

from participation.socle.calendrier import ajouter_mois, jours_entre
from participation.socle.collectivite import collectivite, ici
from participation.socle.erreurs import ErreurMetier, Manque, RoleInsuffisant
from participation.socle.francais import jour_texte
from participation.socle.liens import Lien
from participation.socle.models import (
    CleEtrangere,
    Compte,
    Direction,
    Dossier,
    Reglement,
    ReglementQuerySet,
    Scelle,
    Suivi,
)
from participation.socle.models.dossiers import reserves_pour
from participation.socle.workflow import Apparence, Role, Table
from participation.suites.regles import DeuxVerdicts, deux_verdicts
from participation.suites.workflow import (
    A_REALISER,
    A_RENDRE,
    ABOUTIS,
    APPARENCES,
    APPARENCES_DES_DEGRES,
    MOTIVES,
    TRANSITIONS,
    Degre,
    Etat,
    Origine,
)

# Texts that the public search reads.
CHAMPS_CHERCHES = ("intitule", "texte_public")


class ReglementSuites(Reglement):
    """Delays of the suites, in calendar days: reminders, escalation, objective, retention of addresses."""

    rappels = ArrayField(
        models.PositiveSmallIntegerField(),
        verbose_name="rappels (jours avant)",
        default=list,
        blank=True,
        help_text="Par exemple 30, 7. Un rappel part aussi le jour même et le lendemain.",
    )
    relances = ArrayField(
        models.PositiveSmallIntegerField(),
        verbose_name="relances (jours après)",
        default=list,
        blank=True,
        help_text="À la direction, quand la date est passée. Par exemple 8, 45.",
    )
    escalade = models.PositiveSmallIntegerField(
        "hiérarchie prévenue (jours après)",
        null=True,
        blank=True,
        help_text="La direction supérieure, et l’agent qui suit le dossier. Vide : jamais.",
    )
    escalade_elu = models.PositiveSmallIntegerField(
        "élu en charge prévenu (jours après)", null=True, blank=True, help_text="Vide : jamais."
    )
    objectif_jours = models.PositiveSmallIntegerField(
        "délai visé (jours)",
        help_text="Date donnée à une suite ajoutée sans date, comptée du jour où elle l’est.",
    )
    conservation_demandes_jours = models.PositiveSmallIntegerField(
        "abonnements non confirmés ou arrêtés gardés (jours)",
        help_text="Passé ce délai, l’adresse est effacée.",
    )
    demandes_par_jour = models.PositiveSmallIntegerField(
        "lettres de confirmation par adresse et par jour",
        help_text="Au-delà, aucune lettre ne part : personne ne peut remplir la boîte d’un autre.",
    )
    verdict_mois = models.PositiveSmallIntegerField(
        "verdict redemandé (mois)",
        null=True,
        blank=True,
        default=12,
        db_default=12,
        help_text="À qui a demandé, tant que la suite n’est pas faite. Vide : jamais.",
    )

    rapport_mois = models.PositiveSmallIntegerField(
        "rapport d’une année à l’assemblée (mois après sa fin)",
        default=12,
        db_default=12,
        validators=[MinValueValidator(1), MaxValueValidator(24)],
        help_text="Un an après, comme pour les suites des observations de la chambre régionale des comptes (à vérifier).",
    )
    rapport_annonce = models.PositiveSmallIntegerField(
        "ce rapport est rappelé (jours avant)",
        default=90,
        db_default=90,
        help_text="Dans « Ma journée » des agents, jusqu’à ce qu’il soit demandé. Choix du service : aucun texte ne le fixe.",
    )

    objects = ReglementQuerySet["ReglementSuites"].as_manager()

    class Meta(Reglement.Meta):
        verbose_name = "règlement des suites"
        verbose_name_plural = "règlements des suites"

    def limite_du_rapport(self, annee: int) -> date:
        return ajouter_mois(date(annee, 12, 31), self.rapport_mois)


def exigible(sorte: str = "limite", chemin: str = "") -> Func:
    """The expected day (`limite` or `initiale`) moved by the days when the clock was stopped; NULL while it is."""
    return Func(
        F(f"{chemin}date_{sorte}"),
        F(f"{chemin}recul_{sorte}"),
        template="(%(expressions)s)",
        arg_joiner=" + ",
        output_field=DateField(),
    )


def passee(jour: date, sorte: str = "limite", chemin: str = "") -> Q:
    """Suites whose expected day is past on `jour`, the stops of their clock left out."""
    # The first condition follows from the second: an index serves it.
    return Q(**{f"{chemin}date_{sorte}__lt": jour}) & Q(LessThan(exigible(sorte, chemin), jour))


def venue_a_temps() -> Q:
    """Suites answered by their first expected day, the stops of their clock left out."""
    reponse = TruncDate("repondue_le", tzinfo=timezone.get_current_timezone())
    return Q(repondue_le__isnull=False) & Q(GreaterThanOrEqual(exigible("initiale"), reponse))


def reponse_en_retard(jour: date, chemin: str = "") -> Q:
    """Suites without an answer after their expected day. `chemin`: lookup prefix to the suite, such as « suite__ ».

    `en_retard` is wider: it also has the answered suites that were not done by their day.
    """
    return Q(**{f"{chemin}repondue_le__isnull": True}) & passee(jour, "limite", chemin)


class SuiteQuerySet(models.QuerySet["Suite"]):
    def visibles_par(self, compte: Compte) -> Self:
        """Keep the suites whose office page this account may open.

        An agent of the service: all, but those of reserved dossiers. An agent of a direction: its own. An élu: the public ones.
        """
        if compte.est_agent:
            return self.exclude(dossier__in=reserves_pour(compte))
        siennes = Q(direction__in=directions_de(compte))
        if Role.ELU in compte.roles:
            siennes |= Q(est_publiee=True, dossier__est_publie=True)
        return self.filter(siennes)

    def publiques(self) -> Self:
        """Keep what the public pages show: the suite and its dossier are both published."""
        return self.filter(est_publiee=True, dossier__est_publie=True)

    def ouvertes(self) -> Self:
        """Keep the suites that are not closed: an answer is expected, or the work it announced."""
        return self.exclude(etat__in=ABOUTIS)

    def a_rendre(self) -> Self:
        return self.filter(etat__in=A_RENDRE)

    def a_realiser(self) -> Self:
        return self.filter(etat__in=A_REALISER)

    def terminees(self) -> Self:
        return self.filter(etat__in=ABOUTIS)

    def en_retard(self, jour: date | None = None) -> Self:
        return self.ouvertes().filter(passee(jour or timezone.localdate()))

    def repondues(self) -> Self:
        return self.filter(repondue_le__isnull=False)

    def a_temps(self) -> Self:
        """Keep the suites answered by `date_initiale`. A date moved later does not count; a stop of the clock does."""
        return self.filter(venue_a_temps())

    def a_montrer(self) -> Self:
        """Keep the published suites, with the rows that `suites/_suites.html` shows. Constant number of queries."""
        return (
            self.filter(est_publiee=True)
            .select_related("direction")
            .prefetch_related(
                "preuves__piece", "historique__preuve__piece", "suspensions", "verdicts__sollicitation"
            )
        )


def directions_de(compte: Compte) -> list[int]:
    """Return the keys of the directions in whose name the account acts today."""
    return [
        a.direction_id
        for a in compte.appartenances_en_vigueur
        if a.role == Role.AGENT_DIRECTION and a.direction_id
    ]


class Suite(Scelle, Suivi):
    SUJET = "la suite"
    TRANSITIONS: ClassVar[Table] = TRANSITIONS
    APPARENCES: ClassVar[dict[str, Apparence]] = APPARENCES
    LIEN: ClassVar[Lien] = Lien("suites.reponse")
    MOTS_DU_SERVICE: ClassVar[tuple[str, ...]] = ("intitule", "etat_en_mots")

    dossier = CleEtrangere(Dossier, related_name="suites")
    intitule = models.CharField("suite", max_length=200)
    direction = CleEtrangere(Direction, related_name="suites")
    date_limite = models.DateField("attendue le")
    # First expected day: « in time » is measured against it, even when `date_limite` moves.
    date_initiale = models.DateField("attendue d’abord le", editable=False)
    # Asked or promised: what a commission or a petition asks is not a promise.
    origine = models.CharField("origine", max_length=10, choices=Origine, default=Origine.DEMANDEE)
    demandee_par = models.CharField("demandée par", max_length=160, blank=True)
    # The promise of the Métropole: made from the start, or later on what was asked.
    promise_le = models.DateField("promise le", null=True, blank=True)
    acte_promesse = models.CharField(
        "par quel acte",
        max_length=200,
        blank=True,
        help_text="Délibération, arrêté, réponse publique : sa référence.",
    )
    reglement = CleEtrangere(ReglementSuites, null=True, related_name="+", verbose_name="règlement")
    etat = models.CharField("état", max_length=20, choices=Etat, default=Etat.RECUE)
    # What is shown to be done, whatever the direction says of its état.
    degre = models.CharField(
        "mise en œuvre", max_length=20, choices=Degre, default=Degre.SANS_PREUVE, db_default=Degre.SANS_PREUVE
    )
    texte_public = models.TextField("texte public", blank=True)
    motif = models.TextField("raison", blank=True)
    oriente_vers = models.CharField(
        "orientée vers",
        max_length=160,
        blank=True,
        help_text="Hors compétence : l’autorité qui peut répondre.",
    )
    est_publiee = models.BooleanField("publiée", default=True, help_text="Sur la page « Rendu compte ».")
    creee_le = models.DateTimeField("créée le", default=timezone.now)
    # First answer (suivie, suivie en partie, non suivie, hors compétence): the end of the measured delay.
    repondue_le = models.DateTimeField("répondue le", null=True, blank=True, editable=False)
    modifiee_le = models.DateTimeField("modifiée le", auto_now=True)
    # The day when `date_limite` was given, when it was moved: earlier stops of the clock do not move it again.
    limite_donnee = models.DateField("date donnée le", null=True, blank=True, editable=False)
    # What the stops of the clock do to the figures: written by `regler_horloge` only, from `regles.horloge`.
    recul_limite = models.PositiveIntegerField(null=True, default=0, db_default=0, editable=False)
    recul_initiale = models.PositiveIntegerField(null=True, default=0, db_default=0, editable=False)
    jours_suspendus = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    # When who asked was last asked for a verdict.
    verdict_demande_le = models.DateField("verdict demandé le", null=True, blank=True, editable=False)

    objects = SuiteQuerySet.as_manager()

    class Meta:
        verbose_name = "suite"
        ordering = ["date_limite", "pk"]
        indexes = [
            models.Index(
                "date_limite", condition=~Q(etat__in=sorted(ABOUTIS)), name="suite_a_rendre_par_date"
            ),
            models.Index("direction", "etat", name="suite_direction_etat"),
            models.Index(F("creee_le").desc(), name="suite_creee_le"),
            # Order of « Rendu compte »: its first page is read from the index, without a sort.
            models.Index(
                F("repondue_le").desc(nulls_last=True),
                "date_limite",
                "id",
                condition=Q(est_publiee=True),
                name="suite_rendu_compte",
            ),
            models.Index(
                F("repondue_le").desc(), condition=Q(repondue_le__isnull=False), name="suite_repondue_le"
            ),
            # The public search (`cherchables` of the vitrine): same fields, same order.
            GinIndex(
                SearchVector(*CHAMPS_CHERCHES, config="french"),
                condition=Q(est_publiee=True),
                name="suite_recherche",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(etat=Etat.HORS_COMPETENCE) | ~Q(oriente_vers=""),
                name="suite_orientee",
                violation_error_message="Dites quelle autorité peut répondre.",
            ),
            models.CheckConstraint(
                condition=~Q(etat__in=sorted(MOTIVES)) | ~Q(motif=""),
                name="suite_motivee",
                violation_error_message="Dites pourquoi la suite n’est pas donnée, ne l’est qu’en partie, s’arrête ou perd son objet.",
            ),
            models.CheckConstraint(
                condition=Q(promise_le__isnull=True, acte_promesse="")
                | Q(promise_le__isnull=False) & ~Q(acte_promesse=""),
                name="suite_promise_par_un_acte",
                violation_error_message="Une promesse a sa date et l’acte qui la porte : dites les deux.",
            ),
            models.CheckConstraint(
                condition=~Q(origine=Origine.PROMISE) | Q(promise_le__isnull=False),
                name="suite_promise_datee",
                violation_error_message="Dites quand cela a été promis.",
            ),
        ]

    def __str__(self) -> str:
        return self.intitule

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.date_initiale is None:
            self.date_initiale = self.date_limite
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("suites:suite", args=[self.pk])

    def jeton(self) -> str:
        """Return the token of the signed link to the answer page: the suite and its direction.

        The link still opens after the answer: the page then shows what became of the suite.
        """
        return self.LIEN.jeton(self, self.direction_id)

    @property
    def porteur(self) -> Dossier:
        return self.dossier

    @property
    def etat_en_mots(self) -> str:
        return self.get_etat_display()

    @property
    def est_promise(self) -> bool:
        return self.promise_le is not None

    @property
    def naissance(self) -> str:
        """Return who asked or promised: « Demandé par la CCSPL », « Promis par la Métropole »."""
        if self.origine == Origine.PROMISE:
            return ici("Promis par la {metropole}")
        return f"Demandé par {self.demandee_par}" if self.demandee_par else "Demandé"

    @property
    def reponse_dite(self) -> str:
        """Return what was answered, then why; each once. "" before an answer."""
        return " ".join(dict.fromkeys(filter(None, (self.texte_public, self.motif))))

    @property
    def promesse(self) -> str:
        """Return the day and the act of the promise: « le 3 mars 2027, délibération n° 12 »; "" without a promise."""
        if self.promise_le is None:
            return ""
        return f"le {jour_texte(self.promise_le)}, {self.acte_promesse}"

    @property
    def domaine(self) -> str:
        return self.dossier.app

    @property
    def designation(self) -> str:
        return f"{self.intitule}, après « {self.dossier.titre} »"

    @property
    def fil(self) -> list[tuple[str, str]]:
        return [("Suites", reverse("suites:suites")), (self.intitule, self.get_absolute_url())]

    def roles_de(self, compte: Compte | None, sur: models.Model | None = None) -> frozenset[str]:
        """Give AGENT_DIRECTION only to the agents of the direction in charge."""
        roles = super().roles_de(compte, sur)
        if compte is not None and self.direction_id not in directions_de(compte):
            return roles - {Role.AGENT_DIRECTION}
        return roles

    def refus(self, acte: str, par: Compte | None, sur: models.Model | None = None) -> ErreurMetier | None:
        refus = super().refus(acte, par, sur)
        if isinstance(refus, RoleInsuffisant) and Role.AGENT_DIRECTION in self.transition(acte).par:
            return RoleInsuffisant("Cette suite est tenue par une autre direction.")
        return refus

    @property
    def attend_une_publication(self) -> bool:
        """Whether an answer of the direction waits to be published or set aside."""
        return self.reponses.filter(retenue_le=None, ecartee_le=None).exists()

    @property
    def date_exigible(self) -> date | None:
        """The day after which it is late, the stops of the clock left out; None while the clock is stopped."""
        return None if self.recul_limite is None else self.date_limite + timedelta(days=self.recul_limite)

    @property
    def est_en_retard(self) -> bool:
        jour = self.date_exigible
        return self.est_ouverte and jour is not None and jour < timezone.localdate()

    @property
    def suspension(self) -> Any:
        """The stop of the clock that is in force today, or None."""
        return next((arret for arret in self.suspensions.all() if arret.est_en_cours), None)

    @property
    def deux_verdicts(self) -> DeuxVerdicts | None:
        """What the direction and who asked say, from `verdicts`, which lists prefetch."""
        donnes = [verdict for verdict in self.verdicts.all() if verdict.est_courant]
        return deux_verdicts(self.etat, self.degre, donnes)

    @property
    def apparence_du_degre(self) -> Apparence:
        return APPARENCES_DES_DEGRES[self.degre]

    @property
    def est_ouverte(self) -> bool:
        return self.etat not in ABOUTIS

    @property
    def est_reportee(self) -> bool:
        return self.date_limite != self.date_initiale

    @property
    def est_repondue(self) -> bool:
        return self.repondue_le is not None

    @property
    def jours_de_reponse(self) -> int | None:
        """Calendar days from the creation of the suite to the first answer, stops left out; None without an answer."""
        if self.repondue_le is None:
            return None
        return jours_entre(self.creee_le, self.repondue_le) - self.jours_suspendus

    @property
    def est_a_temps(self) -> bool | None:
        """Whether the first answer came by `date_initiale`; None while there is no answer and the day is not past."""
        if self.recul_initiale is None:
            return None
        limite = self.date_initiale + timedelta(days=self.recul_initiale)
        if self.repondue_le is not None:
            return timezone.localdate(self.repondue_le) <= limite
        return False if limite < timezone.localdate() else None


# Conditions that the rows of the table name.
def pas_deja_promise(suite: Suite, acte: str, par: Compte | None) -> list[str]:
    return [f"La {collectivite().sorte.mot} l’a déjà promis {suite.promesse}."] if suite.est_promise else []


def rien_a_publier(suite: Suite, acte: str, par: Compte | None) -> list[str]:
    attend = suite.attend_une_publication
    phrase = "Une réponse de la direction attend : publiez-la ou écartez-la d’abord."
    return [Manque(phrase, suite.get_absolute_url())] if attend else []


def direction_joignable(suite: Suite, acte: str, par: Compte | None) -> list[str]:
    direction = suite.direction
    return [] if direction.adresses() else [direction.sans_adresse()]
