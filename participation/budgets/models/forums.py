"""Forums of the quartiers: practical information, tables, notes taken there, registrations."""

from typing import Any, ClassVar, Self

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from participation.budgets.models.budgets import Budget, ReglementInterQuartiers
from participation.budgets.workflow import budget as workflow
from participation.budgets.workflow.budget import FORUMS_PUBLICS, EtatForum
from participation.inscriptions.models import Evenement, InscriptionAEvenement, Mots, contraintes, index
from participation.inscriptions.workflow import EtatInscription
from participation.socle.erreurs import Manque
from participation.socle.francais import accorder, jour_texte
from participation.socle.liens import Lien
from participation.socle.models import (
    CleEtrangere,
    Compte,
    LigneDeJournal,
    Partie,
    PortePar,
    Quartier,
    Scelle,
    TexteTraduit,
    ineffacable,
    une_par_langue,
)
from participation.socle.workflow import Apparence, Table


class ForumQuerySet(models.QuerySet["Forum"]):
    def publics(self) -> Self:
        return self.filter(etat__in=sorted(FORUMS_PUBLICS))


class Forum(Evenement):
    """A meeting of inhabitants of the quartiers, around tables."""

    SUJET = "le forum"
    NATURE = "forum"
    MOTS = Mots("forum", "ce forum", "un forum", "du forum", "au forum", "forums")
    EN_LIGNE, ANNULE = EtatForum.OUVERT, EtatForum.ANNULE
    REGLEMENT, CONSERVATION = ReglementInterQuartiers, "conservation_forum_jours"
    TRAITEMENT = "budgets-forums"
    TRANSITIONS: ClassVar[Table] = workflow.TRANSITIONS_DU_FORUM
    APPARENCES: ClassVar[dict[str, Apparence]] = workflow.APPARENCES_DU_FORUM
    MOTS_DU_SERVICE: ClassVar[frozenset[str]] = frozenset({"titre", "lieu", "adresse", "acces"})
    TEXTES_PUBLICS = ("titre", "texte", "acces")

    budget = CleEtrangere(Budget, null=True, related_name="forums")
    titre = models.CharField("titre", max_length=120)
    texte = models.TextField("déroulement", max_length=3000)
    etat = models.CharField("état", max_length=12, choices=EtatForum, default=EtatForum.PREPARATION)
    cree_le = models.DateTimeField("créé le", default=timezone.now, editable=False)
    # Told by the translation itself, so that the public page asks nothing more.
    est_en_facile = models.BooleanField("en facile à lire", default=False, db_default=False, editable=False)

    objects = ForumQuerySet.as_manager()

    class Meta:
        verbose_name = "forum"
        verbose_name_plural = "forums"
        ordering = ["-debut", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(fin__gt=F("debut")),
                name="forum_heures_ordonnees",
                violation_error_message="Le forum finit après avoir commencé.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.titre}, {jour_texte(self.jour)}"

    @classmethod
    def lisibles(cls) -> Any:
        return cls.objects.publics().select_related("budget")

    def get_absolute_url(self) -> str:
        return reverse("budgets:forum", args=[self.pk])

    def get_public_url(self) -> str:
        return reverse("budgets:forum_public", args=[self.pk])

    def get_facile_url(self) -> str:
        return reverse("budgets:forum_facile", args=[self.pk])

    def textes_publics(self) -> tuple[str, ...]:
        return self.TEXTES_PUBLICS

    @property
    def fil_des_pages(self) -> list[tuple[str, str]]:
        """Breadcrumb to the public page, under the budget if that is public."""
        if self.budget is not None and self.budget.est_public:
            return [*self.budget.fil_des_pages, (self.titre, self.get_public_url())]
        return [
            ("Accueil", reverse("socle:accueil")),
            ("Budgets des quartiers", reverse("budgets:budgets_publics")),
            (self.titre, self.get_public_url()),
        ]

    @property
    def fil(self) -> list[tuple[str, str]]:
        debut = [("Ma journée", reverse("socle:journee")), ("Forums", reverse("budgets:forums"))]
        return [*debut, (self.titre, self.get_absolute_url())] if self.pk else debut

    @property
    def est_public(self) -> bool:
        return self.etat in FORUMS_PUBLICS

    @property
    def liens_de_l_accueil(self) -> list[tuple[str, str]]:
        return [(str(t), reverse("budgets:recolter_table", args=[t.pk])) for t in self.tables.all()]

    def oublier_autour(self) -> None:
        """Erase the addresses of the facilitators, and invalidate the links sent to them."""
        animees = TableForum.objects.filter(forum=self).exclude(courriel="")
        animees.update(courriel="", rang_du_lien=F("rang_du_lien") + 1)

    def avant_de_commencer(self, acte: str, par: Compte | None) -> list[str]:
        return (
            []
            if self.debut > timezone.now()
            else [Manque("Le forum a commencé : changez d’abord sa date.", acte="modifier_forum")]
        )

    def avant_de_tenir(self, acte: str, par: Compte | None) -> list[str]:
        return (
            []
            if self.debut <= timezone.now()
            else [Manque("Le forum n’a pas encore commencé.", acte="modifier_forum")]
        )


class TraductionForum(TexteTraduit):
    """One language of the public texts of a forum."""

    PORTEUR = "forum"

    forum = CleEtrangere(Forum, on_delete=models.CASCADE, related_name="traductions")

    suivi = PortePar[Forum]("forum")

    class Meta(TexteTraduit.Meta):
        verbose_name = "traduction d’un forum"
        verbose_name_plural = "traductions des forums"
        ordering = ["forum", "langue"]
        constraints = [*TexteTraduit.Meta.constraints, une_par_langue("forum", "traduction_forum_unique")]

    @classmethod
    def du_public(cls) -> models.QuerySet[Any]:
        return cls.objects.filter(forum__etat__in=sorted(FORUMS_PUBLICS)).select_related("forum")


class TableForum(Scelle, Partie):
    """A table and its subject. The facilitator takes notes through a signed link."""

    # Named as in the letters that hold it.
    LIEN: ClassVar[Lien] = Lien("contrat_ville.table")

    forum = CleEtrangere(Forum, on_delete=models.CASCADE, related_name="tables")
    numero = models.PositiveSmallIntegerField("numéro", validators=[MinValueValidator(1)])
    sujet = models.CharField("sujet", max_length=120)
    animateur = models.CharField("qui anime", max_length=120, blank=True)
    courriel = models.EmailField("courriel de qui anime", blank=True)
    # Incremented when the facilitator changes: the link of the former one stops working.
    rang_du_lien = models.PositiveSmallIntegerField("rang du lien", default=0, editable=False)

    suivi = PortePar[Forum]("forum")

    class Meta:
        verbose_name = "table"
        ordering = ["forum", "numero"]
        constraints = [
            models.UniqueConstraint(
                "forum",
                "numero",
                name="table_forum_numero_unique",
                violation_error_message="Ce forum a déjà une table de ce numéro.",
            )
        ]

    def __str__(self) -> str:
        return f"Table {self.numero} : {self.sujet}"

    def jeton(self) -> str:
        return self.LIEN.jeton(self, self.rang_du_lien)

    @classmethod
    def du_jeton(cls, jeton: str) -> "TableForum | None":
        """Return the table; None for an invalid link, or for the link of a former facilitator."""
        trouvee = cls.LIEN.trouver_precis(jeton, cls.objects.select_related("forum__budget"))
        return trouvee[0] if trouvee is not None and trouvee[0].rang_du_lien == trouvee[1] else None


class NoteDeTable(Partie):
    """Something said at a table that is not an idée: a worry, a question, a wish."""

    table = CleEtrangere(TableForum, on_delete=models.CASCADE, related_name="notes")
    texte = models.TextField("ce qui s’est dit", max_length=2000)
    le = models.DateTimeField("notée le", default=timezone.now)
    cle = models.UUIDField("clé de l’envoi", null=True, unique=True, editable=False)

    suivi = PortePar[Forum]("table.forum")

    class Meta:
        verbose_name = "note de table"
        verbose_name_plural = "notes de table"
        ordering = ["table", "pk"]

    def __str__(self) -> str:
        return self.texte[:60]


class InscriptionForum(InscriptionAEvenement):
    """Who comes to a forum. `quartier`: hers, if she says it; it stays when she is erased, for the figures."""

    CLE = "inscription-forum"
    LIEN: ClassVar[Lien] = Lien(
        "contrat_ville.inscription", lettre="f", page="budgets:mon_inscription", sur_papier="F"
    )
    LIEN_CONFIRMATION: ClassVar[Lien] = Lien("contrat_ville.place")
    A_COTE: ClassVar[dict[str, str]] = {"quartier": gettext_noop("Votre quartier")}
    JOINTS = ("quartier", "table")
    RESTE = (*InscriptionAEvenement.RESTE, "le quartier")

    evenement = CleEtrangere(Forum, related_name="inscriptions", db_column="forum_id", verbose_name="forum")
    quartier = CleEtrangere(Quartier, null=True, related_name="+")
    table = CleEtrangere(TableForum, null=True, on_delete=models.SET_NULL, related_name="inscriptions")

    suivi = PortePar[Forum]("evenement")

    class Meta(InscriptionAEvenement.Meta):
        verbose_name = "inscription à un forum"
        verbose_name_plural = "inscriptions aux forums"
        indexes = index("inscription_forum", "inscription_forum_offres")
        constraints = contraintes("inscription_forum")

    @property
    def a_cote(self) -> list[str]:
        quartier, table = self.quartier, self.table
        return [*([quartier.nom] if quartier else []), *([f"table {table.numero}"] if table else [])]


class EntreeForum(LigneDeJournal):
    """One line of the journal of a forum. It never names the people registered.

    The database refuses to change or remove it.
    """

    forum = CleEtrangere(Forum, related_name="journal")

    class Meta(LigneDeJournal.Meta):
        verbose_name = "entrée du journal de forum"
        verbose_name_plural = "journal des forums"
        triggers = [ineffacable("forum")]


def pas_en_ligne(forum: Forum, acte: str, par: Compte | None) -> list[str]:
    return [] if forum.est_public else ["Ce forum n’est pas en ligne : ouvrez d’abord les inscriptions."]


def avant_de_dresser(forum: Forum, acte: str, par: Compte | None) -> list[str]:
    """What must come before people are seated."""
    tables = forum.tables.count()
    inscrites = forum.inscriptions.filter(etat=EtatInscription.INSCRITE).count()
    if not tables:
        return [Manque("Ajoutez d’abord les tables.", acte="ajouter_table")]
    return (
        []
        if inscrites >= tables
        else [
            Manque(
                f"Il y a {tables} tables pour {accorder(inscrites, 'personne inscrite', 'personnes inscrites')}.",
                forum.get_absolute_url(),
            )
        ]
    )
