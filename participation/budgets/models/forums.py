"""Forums of the quartiers: practical information, tables, notes taken there, registrations."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from participation.budgets.models.budgets import Budget, ReglementInterQuartiers
from participation.budgets.workflow import budget as workflow
from participation.budgets.workflow.budget import (
    FORUMS_PUBLICS,
    INSCRIPTIONS_VIVANTES,
    Besoin,
    EtatForum,
    EtatInscription,
)
from participation.socle.calendrier import il_y_a_plus_de
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.francais import accorder, instant_texte, jour_texte
from participation.socle.liens import Lien
from participation.socle.models import (
    AProuver,
    CleEtrangere,
    Compte,
    LigneDeJournal,
    Partie,
    PortePar,
    Quartier,
    Scelle,
    Suivi,
    ineffacable,
)
from participation.socle.regles.adresses import canoniser
from participation.socle.workflow import Apparence, Table


class ForumQuerySet(models.QuerySet["Forum"]):
    def publics(self) -> Self:
        return self.filter(etat__in=sorted(FORUMS_PUBLICS))


class Forum(Suivi):
    """A meeting of inhabitants of the quartiers, around tables.

    Its journal never names the people registered.
    """

    SUJET = "le forum"
    TRANSITIONS: ClassVar[Table] = workflow.TRANSITIONS_DU_FORUM
    APPARENCES: ClassVar[dict[str, Apparence]] = workflow.APPARENCES_DU_FORUM
    MOTS_DU_SERVICE: ClassVar[frozenset[str]] = frozenset({"titre", "lieu", "adresse", "acces"})

    budget = CleEtrangere(Budget, null=True, related_name="forums")
    titre = models.CharField("titre", max_length=120)
    debut = models.DateTimeField("début")
    fin = models.DateTimeField("fin")
    lieu = models.CharField("lieu", max_length=160)
    adresse = models.CharField("adresse", max_length=200)
    acces = models.TextField(
        "comment venir et entrer",
        max_length=1500,
        help_text="Arrêt de transport, entrée sans marche, boucle magnétique, toilettes adaptées, garde d’enfants.",
    )
    texte = models.TextField("déroulement", max_length=3000)
    places = models.PositiveSmallIntegerField(
        "places", validators=[MinValueValidator(1), MaxValueValidator(5000)]
    )
    date_limite = models.DateField("dernier jour pour s’inscrire")
    etat = models.CharField("état", max_length=12, choices=EtatForum, default=EtatForum.PREPARATION)
    motif = models.TextField("raison de l’annulation", max_length=1000, blank=True)
    # Incremented by each change told to the people registered: SEQUENCE of the calendar event.
    sequence = models.PositiveSmallIntegerField("version", default=0, editable=False)
    cree_le = models.DateTimeField("créé le", default=timezone.now, editable=False)

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

    def clean(self) -> None:
        if self.debut and self.date_limite and self.date_limite > self.jour:
            raise ValidationError({"date_limite": "On s’inscrit au plus tard le jour du forum."})

    def get_absolute_url(self) -> str:
        return reverse("budgets:forum", args=[self.pk])

    def get_public_url(self) -> str:
        return reverse("budgets:forum_public", args=[self.pk])

    @property
    def jour(self) -> date:
        return timezone.localdate(self.debut)

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

    def recoit(self, jour: date | None = None) -> bool:
        """Whether a person can register online on this day (today by default)."""
        return self.etat == EtatForum.OUVERT and (jour or timezone.localdate()) <= self.date_limite

    @property
    def places_prises(self) -> int:
        return self.inscriptions.filter(etat=EtatInscription.INSCRITE).count()

    @property
    def places_libres(self) -> int:
        return max(self.places - self.places_prises, 0)

    def avant_le_jour(self) -> list[str]:
        """Return, in sentences, why presence cannot be recorded before the day.

        A code tried at home would otherwise count as a presence.
        """
        if self.jour <= timezone.localdate():
            return []
        return [f"Le forum est le {jour_texte(self.jour)} : les présences se notent ce jour-là."]

    def manques(self, acte: str, par: Compte | None, sur: models.Model | None = None) -> list[str]:
        dits = super().manques(acte, par, sur)
        if acte == "ouvrir_inscriptions" and self.debut <= timezone.now():
            return [*dits, "Le forum a commencé : changez d’abord sa date."]
        if acte == "tenir_forum" and self.debut > timezone.now():
            return [*dits, "Le forum n’a pas encore commencé."]
        return dits

    def mots_de_suite(self) -> dict[str, str]:
        return {"quand": instant_texte(self.debut)}


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


class InscriptionForum(Scelle, AProuver, Partie):
    """A registration: one person, one seat. The needs are read by the organisers and erased with the name.

    An online registration has neither seat, rank nor ticket until the link of the letter (`LIEN_CONFIRMATION`,
    shown nowhere else) proves the mailbox. A seat given up goes to the first person waiting.
    """

    DEMANDEE, PROUVEE, CLE = "inscrite_le", "a_confirmer_avant", "inscription-forum"
    LIEN: ClassVar[Lien] = Lien("contrat_ville.inscription")
    LIEN_CONFIRMATION: ClassVar[Lien] = Lien("contrat_ville.place")

    forum = CleEtrangere(Forum, related_name="inscriptions")
    etat = models.CharField("état", max_length=10, choices=EtatInscription, default=EtatInscription.INSCRITE)
    nom = models.CharField("nom", max_length=120, blank=True)
    courriel = models.EmailField("courriel", blank=True)
    telephone = models.CharField("téléphone", max_length=30, blank=True)
    quartier = CleEtrangere(Quartier, null=True, related_name="+")
    besoins = ArrayField(
        models.CharField(max_length=12, choices=Besoin), verbose_name="besoins", default=list, blank=True
    )
    langue = models.CharField("langue de l’interprète", max_length=60, blank=True)
    enfants = models.PositiveSmallIntegerField(
        "enfants à garder", default=0, validators=[MaxValueValidator(12)]
    )
    precisions = models.TextField("précisions", max_length=600, blank=True)
    table = CleEtrangere(TableForum, null=True, on_delete=models.SET_NULL, related_name="inscriptions")
    inscrite_le = models.DateTimeField("inscription du", default=timezone.now)
    # Limit to confirm the address (the forum); None once confirmed, or when an agent registered the person.
    a_confirmer_avant = models.DateTimeField("adresse à confirmer avant le", null=True, blank=True)
    presente_le = models.DateTimeField("présence notée le", null=True, blank=True)
    efface_le = models.DateTimeField("effacée le", null=True, blank=True, editable=False)
    cle = models.UUIDField("clé de l’envoi", null=True, unique=True, editable=False)

    suivi = PortePar[Forum]("forum")

    class Meta:
        verbose_name = "inscription à un forum"
        verbose_name_plural = "inscriptions aux forums"
        ordering = ["forum", "inscrite_le", "pk"]
        indexes = [
            models.Index("forum", "etat", "inscrite_le", name="inscription_forum_file"),
            models.Index(
                "a_confirmer_avant",
                name="inscription_a_confirmer",
                condition=Q(a_confirmer_avant__isnull=False, etat__in=["attente", "inscrite"]),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(besoins__contains=["interprete"]) | ~Q(langue="") | Q(efface_le__isnull=False),
                name="inscription_forum_langue_dite",
                violation_error_message="Dites quelle langue l’interprète doit parler.",
            ),
            models.CheckConstraint(
                condition=~Q(besoins__contains=["garde"]) | Q(enfants__gt=0) | Q(efface_le__isnull=False),
                name="inscription_forum_enfants_comptes",
                violation_error_message="Dites combien d’enfants sont à garder.",
            ),
        ]

    def __str__(self) -> str:
        return self.nom or f"Inscription n° {self.pk}"

    @property
    def designation(self) -> str:
        return f"{self}, {self.forum.titre}"

    def jeton_de_confirmation(self) -> str:
        return self.LIEN_CONFIRMATION.jeton(self)

    @property
    def est_prouvee(self) -> bool:
        return self.a_confirmer_avant is None and self.etat in INSCRIPTIONS_VIVANTES

    def trop_tard(self) -> str:
        refus = self.suivi.refus("confirmer_inscription", None, self)
        return refus.message if refus is not None else ""

    @classmethod
    def sans_preuve(cls) -> Iterable[models.QuerySet[Any]]:
        limite = il_y_a_plus_de(ReglementInterQuartiers.actuel().delai_confirmation_jours)
        return [cls.objects.filter(etat=EtatInscription.A_CONFIRMER, efface_le=None, inscrite_le__lt=limite)]

    @classmethod
    def effacer(cls, numeros: Sequence[int]) -> None:
        """Erase who it is, and the letters. The ticked needs, the presence and the quartier stay, for the figures."""
        cls.effacer_lettres(numeros)
        cls.objects.filter(pk__in=numeros).update(
            nom="", courriel="", telephone="", langue="", precisions="", efface_le=timezone.now()
        )

    @property
    def est_a_confirmer(self) -> bool:
        return self.etat == EtatInscription.A_CONFIRMER and self.efface_le is None

    @property
    def besoins_en_mots(self) -> list[str]:
        """Return « un interprète (arabe) », « une garde d’enfants (2) »."""
        precis = {Besoin.INTERPRETE: self.langue, Besoin.GARDE: str(self.enfants or "")}
        mots = [(str(b.label), precis.get(b, "")) for b in Besoin if b in self.besoins]
        return [f"{mot} ({precision})" if precision else mot for mot, precision in mots]

    @property
    def rang_d_attente(self) -> int:
        """Rank on the waiting list, from 1."""
        avant = Q(inscrite_le__lt=self.inscrite_le) | Q(inscrite_le=self.inscrite_le, pk__lt=self.pk)
        return self.forum.inscriptions.filter(avant, etat=EtatInscription.ATTENTE).count() + 1

    def manques(self, acte: str, par: Compte | None) -> list[str]:
        return self.forum.avant_le_jour() if acte == "noter_presence" else []

    def refus(self, acte: str, par: Compte | None) -> ErreurMetier | None:
        if acte == "inscrire_au_forum" and self.pk:
            return ActeInterdit("Cette inscription est déjà prise.")
        if acte == "inscrire_au_forum" and par is None and not self.forum.recoit():
            return ActeInterdit("Les inscriptions sont closes.")
        if acte == "confirmer_inscription":
            return self._refus_de_confirmer()
        if acte == "annuler_inscription" and self.est_a_confirmer:
            return ActeInterdit("Cette inscription n’est pas confirmée : elle ne tient aucune place.")
        if acte == "annuler_inscription" and self.etat not in INSCRIPTIONS_VIVANTES:
            return ActeInterdit("Cette inscription est déjà annulée.")
        if acte == "annuler_inscription" and self.presente_le is not None:
            return ActeInterdit("La présence de cette personne est déjà notée.")
        if acte == "noter_presence" and self.presente_le is not None:
            return ActeInterdit("La présence de cette personne est déjà notée.")
        if acte == "noter_presence" and self.etat == EtatInscription.ANNULEE:
            return ActeInterdit("Cette inscription est annulée : inscrivez la personne de nouveau.")
        if acte == "effacer_presence" and self.presente_le is None:
            return ActeInterdit("La présence de cette personne n’est pas notée.")
        return None

    def _refus_de_confirmer(self) -> ErreurMetier | None:
        """Refuse a useless confirmation."""
        if self.etat == EtatInscription.ANNULEE:
            return ActeInterdit("Votre inscription est annulée.")
        if self.efface_le is not None:
            return ActeInterdit("Votre inscription n’a pas été confirmée à temps. Elle est effacée.")
        if self.a_confirmer_avant is None:
            return ActeInterdit("Votre adresse est déjà confirmée.")
        if self.etat == EtatInscription.A_CONFIRMER and not self.forum.recoit():
            return ActeInterdit("Les inscriptions sont closes, et la vôtre n’a pas été confirmée à temps.")
        if self.etat == EtatInscription.A_CONFIRMER and (trop := self.trop_de_la_meme_boite()):
            return ActeInterdit(trop)
        return None

    def trop_de_la_meme_boite(self) -> str:
        """Say that this mailbox has as many registrations as it may; "" otherwise.

        Whatever its spelling: one person must not take every seat. The caller locks the forum.
        """
        au_plus = ReglementInterQuartiers.actuel().inscriptions_par_boite
        vivantes = self.forum.inscriptions.filter(etat__in=sorted(INSCRIPTIONS_VIVANTES)).exclude(pk=self.pk)
        boite = canoniser(self.courriel)
        siennes = sum(canoniser(autre) == boite for autre in vivantes.values_list("courriel", flat=True))
        if siennes < au_plus:
            return ""
        return (
            f"Cette adresse a déjà {accorder(siennes, 'inscription')} à ce forum, le maximum. Pour inscrire une autre "
            "personne, donnez son adresse, ou demandez au service."
        )


class EntreeForum(LigneDeJournal):
    """One line of the journal of a forum. It never names the people registered.

    The database refuses to change or remove it.
    """

    forum = CleEtrangere(Forum, related_name="journal")

    class Meta(LigneDeJournal.Meta):
        verbose_name = "entrée du journal de forum"
        verbose_name_plural = "journal des forums"
        triggers = [ineffacable("forum")]


def avant_de_dresser(forum: Forum, acte: str, par: Compte | None) -> list[str]:
    """What must come before people are seated."""
    tables = forum.tables.count()
    inscrites = forum.inscriptions.filter(etat=EtatInscription.INSCRITE).count()
    if not tables:
        return ["Ajoutez d’abord les tables."]
    return (
        []
        if inscrites >= tables
        else [
            f"Il y a {tables} tables pour {accorder(inscrites, 'personne inscrite', 'personnes inscrites')}."
        ]
    )
