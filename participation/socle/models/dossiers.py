"""Dossiers: the columns and questions common to every voice that is followed."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar, Self, TypeAlias, cast

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q, Value
from django.db.models.functions import Length, Lower, Upper
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst

from participation.socle.francais import majuscule
from participation.socle.models.champs import CleEtrangere, parmi
from participation.socle.models.comptes import Compte
from participation.socle.models.suivi import Suivi
from participation.socle.models.territoire import Commune, Direction, Quartier
from participation.socle.regles.mots import ACCENTUEES, NUES
from participation.socle.workflow import ACTES_COMMUNS, Decision, FaitAvantVote, Role, Table

Visiteur: TypeAlias = Compte | AnonymousUser


def hors_reserve(visiteur: Visiteur, par: str = "") -> Q:
    """Condition that leaves out reserved dossiers, unless the visitor may read them.

    `par`: prefix of the relation that leads to the dossier, such as « dossier__ ».
    """
    if not isinstance(visiteur, AnonymousUser) and visiteur.lit_les_reserves:
        return Q()
    return Q(**{f"{par}est_reserve": False})


def reserves_pour(visiteur: Visiteur) -> "models.QuerySet[Dossier, Any]":
    """Return the keys of the reserved dossiers that the visitor may not read."""
    reserves = Dossier.objects.filter(est_reserve=True).order_by().values_list("pk")
    lit = not isinstance(visiteur, AnonymousUser) and visiteur.lit_les_reserves
    return reserves.none() if lit else reserves


def hors_brouillons(agent: Compte, par: str = "") -> Q:
    """Condition that keeps what was filed or published, and the agent's own drafts.

    `par`: as in `hors_reserve`.
    """
    return Q(
        Q(**{f"{par}ouvert_le__isnull": False})
        | Q(**{f"{par}est_publie": True})
        | Q(**{f"{par}auteur": agent})
    )


# Series of a reference: the part before its number, such as « PET-2026- ».
SERIE = Func(F("reference"), Value("0123456789"), function="RTRIM", output_field=models.CharField())


BEAUCOUP = 20_000  # dossiers of one author, among which a list walks rather than gathers


def reunis(*raisons: Q, **toujours: Any) -> "models.QuerySet[Dossier, Any]":
    """Return the keys of the dossiers that have one of the reasons, some of them twice, and always the rest.

    One set for each reason, found by its own index: a single condition would read and join every dossier.
    """
    premiers, *autres = (Dossier.objects.filter(une, **toujours).order_by().values("pk") for une in raisons)
    return premiers.union(*autres, all=True)


def _raisons(compte: Compte) -> list[Q]:
    """Return the reasons for which the account, not an agent, reads a dossier."""
    raisons, demandees = [Q(est_publie=True), Q(auteur=compte)], Q()
    for appartenance in compte.appartenances_en_vigueur:
        if direction := appartenance.direction_id:
            raisons.append(Q(direction=direction))
            demandees |= Q(direction=direction)
        if appartenance.commune_id:
            demandees |= Q(commune=appartenance.commune_id)
    if demandees:
        demandes: Any = Dossier._meta.get_field("demandes").related_model
        raisons.append(Q(parmi(demandes.objects.filter(demandees).order_by().values("dossier"))))
    return raisons


def _a_beaucoup_ecrit(compte: Compte) -> bool:
    """Whether the account wrote so many dossiers, as a desk does, that walking them all finds a page at once."""
    return Dossier.objects.filter(auteur=compte).order_by()[BEAUCOUP : BEAUCOUP + 1].exists()


@dataclass(frozen=True, slots=True)
class Voix:
    """Somebody who asked. `qualite` is public: « l’auteur de la pétition »."""

    courriel: str
    qualite: str


class DossierQuerySet(models.QuerySet["Dossier"]):
    def derniere_reference(self, serie: str) -> str | None:
        """Return the highest reference of the series: the longest, then the last in order."""
        siennes = self.alias(serie=SERIE).filter(serie=serie)
        derniere = siennes.order_by(Length("reference").desc(), F("reference").desc())
        return derniere.values_list("reference", flat=True).first()

    def visibles_par(self, visiteur: Visiteur) -> Self:
        """Keep what the visitor may read.

        Agents of the service: everything but the drafts of others and, without the right, reserved dossiers.
        Other accounts: what is published, what they wrote, and what their direction or commune is in charge
        of or was asked about. Visitors without an account: what is published.
        """
        if isinstance(visiteur, AnonymousUser):
            return self.filter(est_publie=True, est_reserve=False)
        if visiteur.est_agent:
            return self.filter(hors_brouillons(visiteur), hors_reserve(visiteur))
        return self.filter(Q(*_raisons(visiteur), _connector=Q.OR), est_reserve=False)

    def a_montrer_a(self, visiteur: Visiteur, *, mots: str = "") -> Self:
        """Keep what lists of several natures show: the visible dossiers, without those of `tus_pour`.

        `mots`: searched then. The few that have them are found first, and each is judged.
        """
        if (
            isinstance(visiteur, AnonymousUser)
            or visiteur.est_agent
            or mots.strip()
            or _a_beaucoup_ecrit(visiteur)
        ):
            vus = self.visibles_par(visiteur)
        else:
            # Few among all: the index of a sort would be walked to its end for them.
            vus = self.filter(parmi(reunis(*_raisons(visiteur), est_reserve=False)))
        for nature in Dossier.natures().values():
            if (tus := nature.tus_pour(visiteur)) is not None:
                # Not NOT IN, whose set the planner counts again for each row that an index would find.
                vus = vus.exclude(Exists(tus.filter(pk=OuterRef("pk"))))
        return vus

    def ouverts(self) -> Self:
        return self.filter(clos_le__isnull=True)

    def avec_enfants(self, natures: Iterable[str] = ()) -> Self:
        """Join the row of each nature, or of these when they are known: `enfant` then costs no further query."""
        return self.select_related(*(natures or Dossier.natures()))

    def enfants_de(self, cles: Iterable[int]) -> dict[int, Any]:
        """Return these dossiers by key, joined to the row of their app alone."""
        natures = dict(self.filter(pk__in=list(cles)).order_by().values_list("pk", "nature"))
        return self.avec_enfants(set(natures.values())).in_bulk(list(natures)) if natures else {}


class Dossier(Suivi):
    # Beginning of the references, given by each subclass. The nature is the name of its model; in words, its
    # verbose_name.
    PREFIXE: ClassVar[str]
    ACTES_COMMUNS: ClassVar[Table] = ACTES_COMMUNS
    # Acts seldom needed: their buttons are folded under « Autres actes ».
    ACTES_REPLIES: ClassVar[frozenset[str]] = frozenset()
    # Acts whose buttons stand elsewhere on the page, next to what they are about.
    ACTES_DANS_LA_PAGE: ClassVar[frozenset[str]] = frozenset()
    # What a committee may decide on the dossier in séance, by the name of the act.
    DECISIONS_DE_SEANCE: ClassVar[dict[str, Decision]] = {}
    # Condition on the pièces hidden from the directions asked about the dossier.
    PIECES_RESERVEES: ClassVar[Q | None] = None
    # Who asked, in the words of a suite: « Demandé par … ».
    QUI_DEMANDE: ClassVar[str] = ""
    # Words of the journal for a decision made in séance, and whether this line is public.
    DECIDE_EN_SEANCE: ClassVar[str] = "Décidé en séance"
    SEANCE_EST_DITE: ClassVar[bool] = False
    # Act that is due in an état, when it is not the first that moves the dossier on; "" when none is due.
    ACTES_DUS: ClassVar[dict[str, str]] = {}
    # Template of the dossier on the screens of a séance; "" for the common one.
    GABARIT_SEANCE: ClassVar[str] = ""

    # Fields of the child that the public reads, and that people may translate (`Traduction`).
    TEXTES_PUBLICS: ClassVar[tuple[str, ...]] = ()

    nature = models.CharField("nature", max_length=30, editable=False)
    reference = models.CharField(
        "référence",
        max_length=20,
        unique=True,
        null=True,
        editable=False,
        help_text="Donnée au dépôt, par exemple PET-2026-0012.",
    )
    titre = models.CharField("titre", max_length=160)
    est_en_facile = models.BooleanField("en facile à lire", default=False, db_default=False, editable=False)
    auteur = CleEtrangere(settings.AUTH_USER_MODEL, null=True, related_name="dossiers")
    agent = CleEtrangere(
        settings.AUTH_USER_MODEL,
        null=True,
        related_name="dossiers_suivis",
        verbose_name="agent chargé du suivi",
    )
    direction = CleEtrangere(Direction, null=True, related_name="dossiers")
    communes = models.ManyToManyField(Commune, blank=True, related_name="dossiers", verbose_name="communes")
    quartiers = models.ManyToManyField(
        Quartier, blank=True, related_name="dossiers", verbose_name="quartiers"
    )
    # What it is about, in the words of its app: an axis of the rendu compte.
    theme = models.CharField("thème", max_length=120, blank=True, default="", db_default="")
    est_publie = models.BooleanField("publié", default=False)
    # Organisations deposit a « cahier d’acteur » on it until this day; None: none is asked for.
    cahiers_jusqu_au = models.DateField("cahiers d’acteurs reçus jusqu’au", null=True, blank=True)
    # A reserved dossier is read only by agents with the right (`Appartenance.lit_les_reserves`). Its app
    # decides which dossiers are reserved.
    est_reserve = models.BooleanField("réservé", default=False, editable=False)
    cree_le = models.DateTimeField("créé le", default=timezone.now, editable=False)
    modifie_le = models.DateTimeField("modifié le", auto_now=True, editable=False)
    ouvert_le = models.DateTimeField("ouvert le", null=True, blank=True, editable=False)
    clos_le = models.DateTimeField("clos le", null=True, blank=True, editable=False)
    resume = models.TextField(
        "résumé", blank=True, editable=False, help_text="Texte cherché par la recherche commune."
    )
    recherche = models.GeneratedField(
        expression=SearchVector("reference", config="simple", weight="A")
        + SearchVector("titre", config="french", weight="A")
        + SearchVector("resume", config="french", weight="C"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    titre_simple = models.GeneratedField(
        expression=Func(
            Lower("titre"),
            Value(ACCENTUEES),
            Value(NUES),
            function="translate",
            output_field=models.TextField(),
        ),
        output_field=models.TextField(),
        db_persist=True,
        help_text="Titre en minuscules et sans accent, pour chercher ce qui se ressemble.",
    )

    objects = DossierQuerySet.as_manager()

    class Meta:
        verbose_name = "dossier"
        ordering = ["-ouvert_le", "-pk"]
        indexes = [
            GinIndex(fields=["recherche"], name="dossier_recherche"),
            # The public search: what is published is few among all.
            GinIndex(fields=["recherche"], condition=Q(est_publie=True), name="dossier_recherche_publique"),
            GinIndex(
                OpClass(F("titre_simple"), name="gin_trgm_ops"),
                condition=Q(est_publie=True),
                name="dossier_titre_public",
            ),
            GinIndex(OpClass(F("titre"), name="gin_trgm_ops"), name="dossier_titre_trigrammes"),
            GinIndex(OpClass(F("titre_simple"), name="gin_trgm_ops"), name="dossier_titre_simple"),
            # The search also looks for a part of the reference: without this index it would read every
            # dossier.
            GinIndex(OpClass(Upper("reference"), name="gin_trgm_ops"), name="dossier_reference_trigrammes"),
            models.Index("nature", F("ouvert_le").desc(nulls_last=True), name="dossier_nature_ouvert_le"),
            # For the list of all natures: its first page would otherwise join and sort every dossier.
            models.Index(F("ouvert_le").desc(nulls_last=True), "id", name="dossier_ouvert_le"),
            # What is closed, by the day of its closing: nearly all the dossiers, after some years.
            models.Index(
                "nature", F("clos_le").desc(nulls_last=True), F("id").desc(), name="dossier_nature_clos"
            ),
            # A list sorted by title would otherwise sort all its dossiers for each page.
            models.Index("titre_simple", "id", name="dossier_titre_range"),
            models.Index("nature", "titre_simple", "id", name="dossier_nature_titre"),
            # The last reference of a series is found without reading those before it.
            models.Index(
                SERIE, Length("reference").desc(), F("reference").desc(), name="dossier_derniere_reference"
            ),
            models.Index(
                "agent",
                F("ouvert_le").desc(),
                F("id").desc(),
                condition=Q(clos_le__isnull=True),
                name="dossier_suivis_ouverts",
            ),
            # What a person filed, or a desk noted: the list would otherwise sort all of it.
            models.Index("auteur", F("ouvert_le").desc(), F("id").desc(), name="dossier_deposes"),
            models.Index("id", condition=Q(est_reserve=True), name="dossier_reserves"),
            # Public pages read few dossiers among all.
            models.Index("id", condition=Q(est_publie=True), name="dossier_publies"),
            models.Index("nature", "id", condition=Q(est_publie=True), name="dossier_publies_nature"),
            # Themes to choose from, read without the rows.
            models.Index(
                "nature", "theme", condition=Q(est_publie=True) & ~Q(theme=""), name="dossier_themes_publics"
            ),
            models.Index(
                "nature",
                "ouvert_le",
                "id",
                condition=Q(agent__isnull=True, clos_le__isnull=True),
                name="dossier_sans_agent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference or 'brouillon'} · {self.titre}"

    def completer(self) -> None:
        """Set the columns that follow from others. Subclasses add theirs."""
        if not self.nature:
            self.nature = str(self._meta.model_name)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.completer()
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("socle:dossier", args=[self.pk])

    def get_membre_url(self) -> str:
        """URL where a member of an instance works on the dossier, outside the back office; "" if none."""
        return ""

    def acte_du(self) -> str | None:
        """Return the act due now, whose button comes first.

        "" when no act is due; None when the act due is the first that moves the dossier on.
        """
        return self.ACTES_DUS.get(self.etat_actuel)

    def actes_replies(self) -> frozenset[str]:
        """Return the acts whose buttons are folded away: seldom needed, or already done."""
        return self.ACTES_REPLIES

    def a_lire(self) -> list[tuple[str, str]]:
        """Return (title, text) pairs that a person asked about the dossier reads. Empty by default."""
        return []

    def a_lire_en_entier(self) -> list[tuple[str, str]]:
        """Return the same pairs for the agents of the service, where `a_lire` masks who a person is."""
        return self.a_lire()

    def pieces_a_lire(self) -> "models.QuerySet[Any]":
        """Return the pièces that a person asked about the dossier reads.

        Withdrawn files, and those joined to the answers of others, are left out.
        """
        pieces: Any = self.pieces
        lisibles: models.QuerySet[Any] = pieces.sans_les_reponses().filter(retiree_le=None)
        return lisibles

    def lien_reponse(self, demande: Any) -> str:
        """Return the URL of the answer page: the common one by signed link, or one of the app."""
        return reverse("socle:repondre_demande", args=[demande.jeton()])

    # Questions common to all natures. `enfant` is the row of the app; on such a row, it is the row itself.

    @staticmethod
    def natures() -> "dict[str, type[Dossier]]":
        """Return the model of each nature, in the order of the installed apps.

        The key is the name of the relation to the row of the app (`dossier.petition`).
        """
        lignes: Any = [lien for lien in Dossier._meta.related_objects if getattr(lien, "parent_link", False)]
        return {lien.name: lien.related_model for lien in lignes}

    @staticmethod
    def libelles_natures() -> dict[str, str]:
        return {nature: str(modele._meta.verbose_name) for nature, modele in Dossier.natures().items()}

    @classmethod
    def tus_pour(cls, visiteur: Visiteur) -> "models.QuerySet[Dossier, Any] | None":
        """Return the keys of the dossiers that no list shows to the visitor, though they may open them.

        None, the default, means that no list leaves any out.
        """
        return None

    def get_nature_display(self) -> str:
        # Not `natures`, which reads every relation: lists ask for each of their lines.
        try:
            enfants = Dossier._meta.get_field(self.nature).related_model
        except FieldDoesNotExist:
            return self.nature
        return str(cast("type[Dossier]", enfants)._meta.verbose_name)

    def ligne_de_son_app(self) -> Self:
        ligne: Self = getattr(self, self.nature)
        return ligne

    def pour_le_pv(self) -> dict[str, Any]:
        """Return what the procès-verbal quotes: sens, paragraphes, preconisations. Empty by default."""
        return {}

    @classmethod
    def sommes_decidees(cls, numeros: Collection[int], seance: int) -> dict[int, list[tuple[str, Decimal]]]:
        """Return {dossier: (who, amount)} as this séance decided them, whatever came after. Empty by default."""
        return {}

    @property
    def app(self) -> str:
        """Label of the app that gives this nature its rules and its accent colour. No query."""
        modele = (
            type(self) if type(self) is not Dossier else Dossier._meta.get_field(self.nature).related_model
        )
        return (
            modele._meta.app_label
            if isinstance(modele, type) and issubclass(modele, Dossier)
            else "metropole"
        )

    @classmethod
    def libelles_etats(cls) -> dict[str, str]:
        """Return the word of each état. Only for a model of an app: the column `etat` is there."""
        champ: Any = cls._meta.get_field("etat")
        return {str(code): str(libelle) for code, libelle in champ.flatchoices}

    @property
    def fil_avant(self) -> list[tuple[str, str]]:
        return [("Ma journée", reverse("socle:journee"))]

    @property
    def fil(self) -> list[tuple[str, str]]:
        avant = self.enfant.fil_avant
        if self.pk is None:
            return avant
        # The reference, as on the page of the dossier; the page of an act shows the title under its heading.
        return [*avant, (majuscule(self.enfant.nom_court), self.enfant.get_absolute_url())]

    @property
    def nom_court(self) -> str:
        return self.reference or "brouillon"

    @property
    def qui_demande(self) -> str:
        return self.QUI_DEMANDE

    def theme_propose(self) -> str:
        """Return what it is about, in the words of its app; "" when only an agent can say. Asked when a suite is added."""
        return ""

    def voix(self) -> Iterable[Voix]:
        """Return who asked, and can be asked whether it is done: authors, team, members of the instance."""
        return ()

    def du_meme_demandeur(self) -> models.QuerySet[Any]:
        """Return the dossiers that the same people asked for, this one among them: one code on paper opens them all."""
        return Dossier.objects.filter(pk=self.pk)

    @property
    def designation(self) -> str:
        if self.pk is None:
            return ""  # the page that creates it says it by its title
        reference = self.reference or "à l’état de brouillon"
        return f"{capfirst(self.enfant._meta.verbose_name)} {reference}, « {self.titre} »"

    @property
    def domaine(self) -> str:
        return self.app

    def marquer(self) -> None:
        # Pages cached under `modifie_le` are made again.
        self.modifie_le = timezone.now()
        Dossier._base_manager.filter(pk=self.pk).update(modifie_le=self.modifie_le)

    def get_facile_url(self) -> str:
        return reverse("socle:facile", args=[self.pk])

    def textes_publics(self) -> tuple[str, ...]:
        """Return the fields that may be translated: none of a text that the public may not read."""
        return self.TEXTES_PUBLICS

    def roles_de(self, compte: Compte | None, sur: models.Model | None = None) -> frozenset[str]:
        roles = super().roles_de(compte, sur)
        return roles | {Role.AUTEUR} if compte is not None and self.auteur_id == compte.pk else roles

    def decisions_en(self, instance: str) -> Mapping[str, Decision]:
        """Return what the instance of this key may decide on the dossier in séance.

        The same for every instance by default.
        """
        return self.DECISIONS_DE_SEANCE

    def faits_avant_vote(self, instance: str) -> Sequence[FaitAvantVote]:
        """Return what the instance of this key must know before it votes or decides on the dossier.

        Its screens show it to the facilitator and to the members, and the page of the decision does.
        """
        return ()

    def a_voter(self) -> Sequence[str]:
        """Return the lines of a ballot of this dossier, each voted apart; none when it is voted as one."""
        return ()

    def comptes_deportes(self) -> set[int]:
        """Return the accounts that stepped aside from the dossier.

        A vote in which one of them took part decides nothing.
        """
        return set()

    def echeance_legale(self) -> Any:
        lues: list[Any] | None = self.__dict__.get("echeances_legales")  # set by a page that prefetches them
        if lues is not None:
            return lues[0] if lues else None
        return self.echeances.ouvertes().filter(est_legale=True).order_by("date_limite").first()
