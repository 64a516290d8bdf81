"""The spine: what every followed voice has, whatever its app; and its undeletable journal."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self, TypeAlias

import pgtrigger
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Length, Lower, Upper
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst

from participation.socle.francais import majuscule
from participation.socle.models.champs import CleEtrangere
from participation.socle.models.comptes import Compte
from participation.socle.models.suivi import LigneDeJournal, Suivi
from participation.socle.models.territoire import Commune, Direction, Quartier
from participation.socle.workflow import ACTES_COMMUNS, ActeDePoste, Decision, Role, Table, Transition

Visiteur: TypeAlias = Compte | AnonymousUser

# Letter for letter, as the database does for `titre_simple`; capitals too, that a database in the C locale keeps.
_ACCENTUEES, _NUES = (
    "àâäáãçéèêëîïíôöóûüùúÿñÀÂÄÁÃÇÉÈÊËÎÏÍÔÖÓÛÜÙÚŸÑ’",
    "aaaaaceeeeiiiooouuuuynaaaaaceeeeiiiooouuuuyn'",
)
SANS_ACCENTS = str.maketrans(_ACCENTUEES, _NUES)


def hors_reserve(visiteur: Visiteur, par: str = "") -> Q:
    """What is not reserved; all of it for who reads what is. `par`: the way to the dossier, « dossier__ »."""
    if not isinstance(visiteur, AnonymousUser) and visiteur.lit_les_reserves:
        return Q()
    return Q(**{f"{par}est_reserve": False})


def reserves_pour(visiteur: Visiteur) -> "models.QuerySet[Dossier, Any]":
    """Keys of what is kept from her: none for who has the right."""
    reserves = Dossier.objects.filter(est_reserve=True).order_by().values_list("pk")
    lit = not isinstance(visiteur, AnonymousUser) and visiteur.lit_les_reserves
    return reserves.none() if lit else reserves


def hors_brouillons(agent: Compte, par: str = "") -> Q:
    """What was filed or published, and her own: for an agent of the service, a draft is its author's. `par`: as above."""
    return Q(
        Q(**{f"{par}ouvert_le__isnull": False})
        | Q(**{f"{par}est_publie": True})
        | Q(**{f"{par}auteur": agent})
    )


# « PET-2026- »: what the references of a year have in common.
SERIE = Func(F("reference"), Value("0123456789"), function="RTRIM", output_field=models.CharField())


class DossierQuerySet(models.QuerySet["Dossier"]):
    def derniere_reference(self, serie: str) -> str | None:
        """The highest number of the series: the longest, then the last."""
        siennes = self.alias(serie=SERIE).filter(serie=serie)
        derniere = siennes.order_by(Length("reference").desc(), F("reference").desc())
        return derniere.values_list("reference", flat=True).first()

    def visibles_par(self, visiteur: Visiteur) -> Self:
        """Agents of the service see all but others' drafts and, without the right, what is reserved; others what is published,
        theirs, or asked of their direction or commune."""
        if isinstance(visiteur, AnonymousUser):
            return self.filter(est_publie=True, est_reserve=False)
        if visiteur.est_agent:
            return self.filter(hors_brouillons(visiteur), hors_reserve(visiteur))
        miens = Q(est_publie=True) | Q(auteur=visiteur)
        for appartenance in visiteur.appartenances_en_vigueur:
            if appartenance.direction_id:
                miens |= Q(demandes__direction=appartenance.direction_id) | Q(
                    direction=appartenance.direction_id
                )
            if appartenance.commune_id:
                miens |= Q(demandes__commune=appartenance.commune_id)
        return self.filter(pk__in=Dossier.objects.filter(miens, est_reserve=False).values("pk"))

    def a_montrer_a(self, visiteur: Visiteur) -> Self:
        """For the lists where every nature stands: what she may see, less what an app does not say to her yet."""
        vus = self.visibles_par(visiteur)
        for nature in Dossier.natures().values():
            if (tus := nature.tus_pour(visiteur)) is not None:
                vus = vus.exclude(pk__in=tus)
        return vus

    def ouverts(self) -> Self:
        return self.filter(clos_le__isnull=True)

    def avec_enfants(self) -> Self:
        """Join each nature's own row, so that `enfant` costs nothing more, on one dossier or a thousand."""
        return self.select_related(*Dossier.natures())


class Dossier(Suivi):
    # Given by each child: the beginning of its references. Its nature is the name of its model, in words its verbose_name.
    PREFIXE: ClassVar[str]
    SUJET = "le dossier"
    # Acts that every nature has. Their buttons have their own places on the page of a dossier.
    ACTES_COMMUNS: ClassVar[Table] = ACTES_COMMUNS
    # Acts that nobody comes for: their buttons are folded under « Autres actes ».
    ACTES_REPLIES: ClassVar[frozenset[str]] = frozenset()
    # Acts whose buttons stand elsewhere on its page, with what they are about.
    ACTES_DANS_LA_PAGE: ClassVar[frozenset[str]] = frozenset()
    # What a committee may decide on it in séance, by the name of the act; what its journal then says, and whether to all;
    # and how its content is shown on the screens.
    DECISIONS_DE_SEANCE: ClassVar[dict[str, Decision]] = {}
    # Letters on paper that are posted by an act of the app, by their name: « contrat_ville/notifier ».
    ACTES_DE_POSTE: ClassVar[Mapping[str, ActeDePoste]] = {}
    # Of its pièces, those that who is asked about it does not read.
    PIECES_RESERVEES: ClassVar[Q | None] = None
    # The voice heard, in the words of a suite: « Demandé par … ».
    QUI_DEMANDE: ClassVar[str] = ""
    DECIDE_EN_SEANCE: ClassVar[str] = "Décidé en séance"
    SEANCE_EST_DITE: ClassVar[bool] = False
    # The act that is due in an état when it is not the first that moves the dossier on; empty: none is, we wait.
    ACTES_DUS: ClassVar[dict[str, str]] = {}
    GABARIT_SEANCE: ClassVar[str] = ""

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
    est_publie = models.BooleanField("publié", default=False)
    # Read by the agents who have the right (`Appartenance.lit_les_reserves`), and by nobody else. Its app says which are.
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
            Value(_ACCENTUEES),
            Value(_NUES),
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
            GinIndex(OpClass(F("titre"), name="gin_trgm_ops"), name="dossier_titre_trigrammes"),
            GinIndex(OpClass(F("titre_simple"), name="gin_trgm_ops"), name="dossier_titre_simple"),
            # The search looks for a part of it too: one condition without an index, and all dossiers are read.
            GinIndex(OpClass(Upper("reference"), name="gin_trgm_ops"), name="dossier_reference_trigrammes"),
            models.Index("nature", F("ouvert_le").desc(nulls_last=True), name="dossier_nature_ouvert_le"),
            # The list of all natures, walked from its end: else all are joined and sorted for its first page.
            models.Index(F("ouvert_le").desc(nulls_last=True), "id", name="dossier_ouvert_le"),
            # The last of the year is read at its end, whatever the number of those before it.
            models.Index(
                SERIE, Length("reference").desc(), F("reference").desc(), name="dossier_derniere_reference"
            ),
            models.Index("agent", condition=Q(clos_le__isnull=True), name="dossier_ouverts_par_agent"),
            models.Index("id", condition=Q(est_reserve=True), name="dossier_reserves"),
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

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.nature:
            self.nature = str(self._meta.model_name)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("socle:dossier", args=[self.pk])

    def get_membre_url(self) -> str:
        """Where a member of an instance, without back office, works on it; empty when her app gives her no page."""
        return ""

    def get_adresse_url(self) -> str:
        """Where an agent corrects the postal address that its letters go to; empty when its app has no such page."""
        return ""

    def acte_du(self) -> str | None:
        """The act that is due now, whose button comes first. Empty: none is; None: the first that moves the dossier on."""
        return self.ACTES_DUS.get(self.etat_actuel)

    def actes_replies(self) -> frozenset[str]:
        """Acts whose buttons are folded away: seldom needed, or done already."""
        return self.ACTES_REPLIES

    def a_lire(self) -> list[tuple[str, str]]:
        """(title, text) of what the dossier asks, for who is asked about it: nothing by default."""
        return []

    def pieces_a_lire(self) -> "models.QuerySet[Any]":
        """Its files, for who is asked about it by a link: all but those that others joined to their answers."""
        pieces: Any = self.pieces
        lisibles: models.QuerySet[Any] = pieces.sans_les_reponses().filter(retiree_le=None)
        return lisibles

    def lien_reponse(self, demande: Any) -> str:
        """Where who was asked answers: the common page by signed link, or a page of the app for an answer of its kind."""
        return reverse("socle:repondre_demande", args=[demande.jeton()])

    # Questions common to all natures. `enfant` is the row of the app; a child is its own `enfant`.

    @staticmethod
    def natures() -> "dict[str, type[Dossier]]":
        """Each nature of the installed apps, in their order; the key is the name of the child row (`dossier.petition`)."""
        return {
            str(modele._meta.model_name): modele
            for modele in apps.get_models()
            if issubclass(modele, Dossier) and Dossier in modele.__bases__ and not modele._meta.proxy
        }

    @staticmethod
    def libelles_natures() -> dict[str, str]:
        return {nature: str(modele._meta.verbose_name) for nature, modele in Dossier.natures().items()}

    @classmethod
    def tus_pour(cls, visiteur: Visiteur) -> "models.QuerySet[Dossier, Any] | None":
        """Keys of this nature that no list shows her, though she may see them: None, unless an app has such a rule."""
        return None

    def get_nature_display(self) -> str:
        return self.libelles_natures().get(self.nature, self.nature)

    @property
    def enfant(self) -> "Dossier":
        if type(self) is not Dossier:
            return self
        enfant: Dossier = getattr(self, self.nature)
        return enfant

    def pour_le_pv(self) -> dict[str, Any]:
        """What the procès-verbal of the séance that decided quotes of it: sens, paragraphes, preconisations. Nothing by default."""
        return {}

    @property
    def app(self) -> str:
        """Label of the app that gives this nature its rules and its accent. No query."""
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
        """The word of each état, for a class of the app."""
        champ: Any = cls._meta.get_field("etat")  # a column of the child
        return {str(code): str(libelle) for code, libelle in champ.flatchoices}

    @property
    def fil(self) -> list[tuple[str, str]]:
        # By its reference, as on its own page: its title stands under the name of the act.
        nom = majuscule(self.enfant.nom_court)
        return [("Ma journée", reverse("socle:journee")), (nom, self.enfant.get_absolute_url())]

    @property
    def nom_court(self) -> str:
        return self.reference or "brouillon"

    @property
    def qui_demande(self) -> str:
        return self.QUI_DEMANDE

    @property
    def designation(self) -> str:
        reference = self.reference or "à l’état de brouillon"
        return f"{capfirst(self.enfant._meta.verbose_name)} {reference}, « {self.titre} »"

    @property
    def domaine(self) -> str:
        return self.app

    def marque(self) -> dict[str, Any]:
        # Whatever hangs on the dossier changed with a line of its journal: pages kept under `modifie_le` are stale.
        return {"modifie_le": timezone.now()}

    def roles_de(self, compte: Compte | None, sur: models.Model | None = None) -> frozenset[str]:
        roles = super().roles_de(compte, sur)
        return roles | {Role.AUTEUR} if compte is not None and self.auteur_id == compte.pk else roles

    def decisions_en(self, instance: str) -> Mapping[str, Decision]:
        """What the instance of this key may decide on it in séance: the same for all, unless a nature goes through several."""
        return self.DECISIONS_DE_SEANCE

    def comptes_deportes(self) -> set[int]:
        """Accounts that stepped aside from it: a vote they took part in decides nothing."""
        return set()

    @classmethod
    def acte(cls, acte: str) -> Transition:
        return cls.TRANSITIONS.get(acte) or cls.ACTES_COMMUNS[acte]

    def echeance_legale(self) -> Any:
        lues: list[Any] | None = self.__dict__.get("echeances_legales")  # a page reads them with the dossier
        if lues is not None:
            return lues[0] if lues else None
        return self.echeances.ouvertes().filter(est_legale=True).order_by("date_limite").first()


class Entree(LigneDeJournal):
    """One line of a dossier's journal. Written by `actions` only."""

    dossier = CleEtrangere(Dossier, related_name="journal")

    class Meta(LigneDeJournal.Meta):
        verbose_name = "entrée du journal"
        verbose_name_plural = "journal"
        indexes = [models.Index(fields=["dossier", "-le"], name="entree_dossier_le")]
        triggers = [
            pgtrigger.Protect(name="entree_ineffacable", operation=pgtrigger.Update | pgtrigger.Delete)
        ]
