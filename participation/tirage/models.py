"""A draw by lot, its quotas, its volunteers and its journal."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import connection, models
from django.db.models import Count, Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from participation.socle.erreurs import ErreurMetier, Manque
from participation.socle.francais import accorder, instant_texte, jour_texte
from participation.socle.langues import FRANCAIS
from participation.socle.models import (
    CleEtrangere,
    Compte,
    Document,
    ImportDeTableau,
    LigneDeJournal,
    Partie,
    PortePar,
    Restauration,
    Suivi,
    Tournee,
    ineffacable,
)
from participation.socle.models.telephones import index_du_telephone
from participation.socle.vitrine import recueillir
from participation.socle.workflow import Apparence, Table
from participation.tirage import regles as quotas
from participation.tirage import workflow
from participation.tirage.regles import Bassin, Profil, empreinte
from participation.tirage.workflow import PUBLICS, EtatCalcul, EtatTirage, Place, Source


class TirageQuerySet(models.QuerySet["Tirage"]):
    def publics(self) -> Self:
        """Return those whose rule is published. A rehearsal never is."""
        return self.filter(etat__in=PUBLICS, est_repetition=False)


class Tirage(Suivi):
    """A draw by lot: its rule, published before anything is known; what was published since; what came out."""

    SUJET = "le tirage"
    TRANSITIONS: ClassVar[Table] = workflow.TRANSITIONS
    APPARENCES: ClassVar[dict[str, Apparence]] = workflow.APPARENCES
    MOTS_DU_SERVICE: ClassVar[frozenset[str]] = frozenset({"titre"})

    titre = models.CharField("titre", max_length=160, help_text="Par exemple « Panel sur l’eau, 2027 ».")
    objet = models.TextField(
        "à quoi sert ce panel", max_length=2000, help_text="En quelques phrases, pour tous."
    )
    places = models.PositiveSmallIntegerField(
        "places tirées au sort", validators=[MinValueValidator(2), MaxValueValidator(500)]
    )
    est_repetition = models.BooleanField(
        "c’est une répétition",
        default=False,
        help_text="Pour s’exercer, avec des personnes inventées. Rien n’est publié.",
    )
    # The rule
    source = models.CharField("source de la graine", max_length=6, choices=Source, default=Source.BOULES)
    date_graine = models.DateField("jour où la graine est connue")
    precision_source = models.CharField(
        "précision",
        max_length=300,
        help_text="Où et à quelle heure les boules sont tirées, ou quel tirage, ou quel tour.",
    )
    repli = models.CharField(
        "si la source manque", max_length=300, help_text="La source qui la remplace, dite d’avance."
    )
    tirage_le = models.DateTimeField("tirage public le")
    lieu = models.CharField("lieu du tirage public", max_length=200)
    source_parts = models.CharField(
        "d’où viennent les parts de la population", max_length=200, blank=True, db_default=""
    )
    # Who will probably leave: `regles.pertes.Perte`, one row each
    seances = models.PositiveSmallIntegerField("séances", default=1, db_default=1)
    pertes = models.JSONField("pertes prévues", default=list, db_default=[], blank=True)
    # What was published
    etat = models.CharField("état", max_length=12, choices=EtatTirage, default=EtatTirage.PREPARATION)
    cree_le = models.DateTimeField("créé le", default=timezone.now, editable=False)
    fige_le = models.DateTimeField("figé le", null=True, blank=True)
    empreinte_liste = models.CharField("empreinte de la liste", max_length=64, blank=True)
    # Bound by the seed with the list, as it is published; "" for a draw frozen before it was.
    regle = models.TextField("règle, comme elle est publiée", blank=True, default="", db_default="")
    texte_graine = models.CharField("graine, comme elle est publiée", max_length=200, blank=True)
    graine = models.CharField("graine", max_length=64, blank=True)
    panels = models.JSONField(
        "panels", default=list, blank=True, help_text="Les numéros des personnes de chacun."
    )
    empreinte_panels = models.CharField("empreinte des panels", max_length=64, blank=True)
    publie_le = models.DateTimeField("panels publiés le", null=True, blank=True)
    boules = models.PositiveSmallIntegerField(
        "boules", null=True, blank=True, validators=[MaxValueValidator(999)]
    )
    tire_le = models.DateTimeField("tiré le", null=True, blank=True)
    proces_verbal = CleEtrangere(Document, null=True, blank=True, related_name="+")
    # What a file published before a restore says, and when it was compared (`salle/restauration`)
    publies = models.JSONField("déjà publié", default=dict, db_default={}, blank=True)
    # The work of the solver
    calcul = models.CharField("calcul", max_length=12, choices=EtatCalcul, default=EtatCalcul.AUCUN)
    calcul_le = models.DateTimeField("calcul demandé le", null=True, blank=True)
    calcul_essais = models.PositiveSmallIntegerField("essais", default=0)
    calcul_etape = models.CharField("étape du calcul", max_length=60, blank=True)
    calcul_part = models.FloatField("part faite", default=0)
    # Chances of each profile and what none can exceed, smallest first: `participation.tirage.selection.regles.Loterie`
    mesures = models.JSONField("mesures", default=dict, blank=True)
    # What a worker found of the quotas (`selection/controle`); what the frozen list counts (`selection/comptes`)
    controle = models.JSONField("contrôle des quotas", default=dict, db_default={}, blank=True)
    comptes = models.JSONField("comptes", default=dict, db_default={}, blank=True)

    objects = TirageQuerySet.as_manager()

    class Meta:
        verbose_name = "tirage au sort"
        verbose_name_plural = "tirages au sort"
        ordering = ["-tirage_le", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(tirage_le__date__gte=F("date_graine")),
                name="tirage_apres_sa_graine",
                violation_error_message="Le tirage public vient après le jour de la graine, ou le même jour.",
            ),
            models.CheckConstraint(
                condition=~Q(etat=EtatTirage.TIRE) | Q(boules__isnull=False, tire_le__isnull=False),
                name="tirage_tire_a_ses_boules",
                violation_error_message="Un panel tiré porte le nombre qui l’a désigné.",
            ),
        ]

    def __str__(self) -> str:
        return self.titre

    def get_absolute_url(self) -> str:
        return reverse("tirage:tirage", args=[self.pk])

    def get_public_url(self) -> str:
        return reverse("tirage:tirage_public", args=[self.pk])

    @property
    def fil(self) -> list[tuple[str, str]]:
        return [("Tirages au sort", reverse("tirage:tirages")), (self.titre, self.get_absolute_url())]

    @property
    def est_public(self) -> bool:
        return self.etat in PUBLICS and not self.est_repetition

    @cached_property
    def categories(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(quota.categorie for quota in self.quotas.all()))

    @property
    def numero_tire(self) -> str:
        """The three balls, as they are read: « 042 »."""
        return "" if self.boules is None else f"{self.boules:03}"

    @property
    def empreinte_regle(self) -> str:
        return empreinte(self.regle) if self.regle else ""

    def mots_de_suite(self) -> dict[str, str]:
        return {
            "jour_graine": jour_texte(self.date_graine),
            "jour_tirage": jour_texte(timezone.localdate(self.tirage_le)) if self.tirage_le else "",
        }

    def exiger_publie(self, champ: str, valeur: str) -> None:
        """Raise ErreurMetier when this was published before a restore, and was something else."""
        deja = self.publies.get(champ)
        if deja and deja != valeur:
            raise ErreurMetier(
                f"Avant la restauration du site, autre chose était publié : « {deja} ». Ce qui est publié ne change pas."
            )

    def bassin(self, volontaires: "list[Volontaire] | None" = None) -> Bassin:
        """Return the pool: these people, or all. People of a household that another stands for are left out."""
        dits = [
            quotas.Fourchette(quota.categorie, quota.valeur, quota.minimum, quota.maximum)
            for quota in self.quotas.all()
        ]
        profils: Counter[Profil] = Counter()
        if volontaires is None:
            lus = self.volontaires.tirables().order_by().values_list("profil").annotate(combien=Count("pk"))
            for profil, combien in lus:
                profils[profil_pour(profil, self.categories)] += combien
        else:
            profils.update(personne.profil_pour(self.categories) for personne in volontaires)
        return Bassin.compte(self.places, dits, profils)

    def avant_de_figer(self, acte: str, par: Compte | None) -> list[str]:
        bassin = self.bassin()
        ou = "regler_quotas" if bassin.profils else "importer_volontaires"
        absents: list[str] = [Manque(faute, acte=ou) for faute in quotas.fautes(bassin)]
        if self.imports.filter(etat=ImportDeVolontaires.Etat.EN_COURS).exists():
            absents.append(Manque("Un tableau est en cours de lecture.", acte="annuler_volontaires"))
        if timezone.localdate() > self.date_graine:
            absents.append(
                Manque(
                    "Le jour de la graine est passé : la règle doit être publiée avant. Changez la règle.",
                    acte="modifier_tirage",
                )
            )
        return absents

    def remplace_ailleurs(self, acte: str, par: Compte | None) -> list[str]:
        """Whoever it is drawn for may replace on its own page, where more follows: a mandate ends, a call is owed."""
        if par is None:  # that page replaces
            return []
        return [
            Manque(
                f"Notez sur la page de « {chez.titre} » que la personne renonce : elle y est remplacée.",
                chez.url,
            )
            for chez in recueillir("remplace_sur_sa_page", self.pk)
        ]

    def avant_d_importer(self, acte: str, par: Compte | None) -> list[str]:
        if self.imports.filter(etat=ImportDeVolontaires.Etat.EN_COURS).exists():
            return [
                Manque(
                    "Un tableau est déjà en cours de lecture : attendez, ou annulez-le.",
                    acte="annuler_volontaires",
                )
            ]
        return []

    def dernier_tableau(self) -> "ImportDeVolontaires | None":
        """Return the last table that is being read, or of which somebody is in the list."""
        siens = Exists(Volontaire.objects.filter(import_fichier=OuterRef("pk")))
        return self.imports.filter(Q(etat=ImportDeVolontaires.Etat.EN_COURS) | siens).first()

    def avant_d_annuler(self, acte: str, par: Compte | None) -> list[str]:
        return [] if self.dernier_tableau() else ["Aucun tableau n’a de personne à retirer."]

    def avant_de_semer(self, acte: str, par: Compte | None) -> list[str]:
        if timezone.localdate() < self.date_graine:
            return [f"La graine n’est connue que le {jour_texte(self.date_graine)}."]
        return self._a_comparer()

    def avant_de_calculer(self, acte: str, par: Compte | None) -> list[str]:
        return ["Le calcul est déjà en cours."] if self.calcul == EtatCalcul.EN_COURS else []

    def avant_d_arreter(self, acte: str, par: Compte | None) -> list[str]:
        return [] if self.calcul == EtatCalcul.EN_COURS else ["Aucun calcul n’est en cours."]

    def avant_d_assouplir(self, acte: str, par: Compte | None) -> list[str]:
        return (
            []
            if self.calcul != EtatCalcul.EN_COURS
            else [Manque("Arrêtez d’abord le calcul en cours.", acte="arreter_calcul")]
        )

    def _a_comparer(self) -> list[str]:
        """A restore may have taken back what was published since its backup: it is read again before anything is written."""
        restauration = Restauration.objects.derniere()
        if (
            restauration is None
            or self.est_repetition
            or self.fige_le is None
            or self.fige_le > restauration.le
        ):
            return []
        compare_le = self.publies.get("compare_le")
        if compare_le and datetime.fromisoformat(compare_le) > restauration.le:
            return []
        return [
            Manque(
                f"Le site a été restauré depuis sa sauvegarde du {instant_texte(restauration.sauvegarde_le)} : comparez "
                "d’abord ce tirage avec le fichier tirage.json publié avant.",
                reverse("tirage:comparer_publie", args=[self.pk]),
            )
        ]

    def avant_de_comparer(self, acte: str, par: Compte | None) -> list[str]:
        return (
            [] if self._a_comparer() else ["Aucune restauration n’a eu lieu depuis que la liste est figée."]
        )

    def avant_de_controler(self, acte: str, par: Compte | None) -> list[str]:
        if self.controle.get("en_cours"):
            return ["Le contrôle est déjà en cours."]
        return quotas.fautes(self.bassin())

    def avant_de_publier(self, acte: str, par: Compte | None) -> list[str]:
        if self.calcul != EtatCalcul.FAIT:
            return [Manque("Calculez d’abord les chances : les panels en viennent.", acte="calculer")]
        if timezone.now() >= self.tirage_le:
            return ["Le jour du tirage public est passé : les panels doivent être publiés avant."]
        return self._a_comparer()

    def avant_de_tirer(self, acte: str, par: Compte | None) -> list[str]:
        if timezone.localdate() < timezone.localdate(self.tirage_le):
            return [f"Le tirage public a lieu le {jour_texte(timezone.localdate(self.tirage_le))}."]
        return self._a_comparer()


def sans_courriel(tirage: Tirage, acte: str, par: Compte | None) -> list[str]:
    if tirage.est_repetition:
        return ["C’est une répétition : aucune lettre ne part."]
    if Tournee.objects.pour(tirage) is not None:
        return ["Des lettres aux volontaires se préparent : attendez qu’elles soient faites."]
    joignables = tirage.volontaires.exclude(courriel="")
    return (
        []
        if joignables.exists()
        else [Manque("Aucun volontaire n’a donné d’adresse de courriel.", acte="importer_volontaires")]
    )


def profil_pour(profil: Mapping[str, Any], categories: tuple[str, ...]) -> Profil:
    return tuple(str(profil.get(categorie, "")) for categorie in categories)


class Quota(models.Model):
    """Seats for the people who have this value of this category."""

    tirage = CleEtrangere(Tirage, related_name="quotas")
    ordre = models.PositiveSmallIntegerField("ordre", default=1)
    categorie = models.CharField("catégorie", max_length=60)
    valeur = models.CharField("valeur", max_length=80)
    minimum = models.PositiveSmallIntegerField("minimum")
    maximum = models.PositiveSmallIntegerField("maximum")
    part = models.DecimalField(
        "part de la population (%)",
        max_digits=4,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )

    class Meta:
        verbose_name = "quota"
        verbose_name_plural = "quotas"
        ordering = ["tirage", "ordre"]
        constraints = [
            models.UniqueConstraint(
                fields=["tirage", "categorie", "valeur"],
                name="quota_une_fois",
                violation_error_message="Cette valeur est déjà décrite dans cette catégorie.",
            ),
            models.CheckConstraint(
                condition=Q(maximum__gte=F("minimum")),
                name="quota_bornes_ordonnees",
                violation_error_message="Le minimum dépasse le maximum.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.categorie} : {self.valeur}"

    @property
    def bornes(self) -> str:
        return quotas.bornes(self.minimum, self.maximum)


class VolontaireQuerySet(models.QuerySet["Volontaire"]):
    def tirables(self) -> Self:
        """Return who may be drawn: one person a household, once the seed is known."""
        return self.filter(est_ecarte_par_foyer=False)

    def assis(self) -> Self:
        return self.filter(place__in=[Place.PANEL, Place.ENTREE])

    def attente(self) -> Self:
        """Return who waits for a seat: the reserve, then the others, by ticket."""
        return self.tirables().filter(place=Place.AUCUNE).order_by("-est_en_reserve", "billet", "numero")

    def par_billet(self) -> Self:
        return self.order_by("billet", "numero")


class Volontaire(Partie):
    """Somebody who accepts to be drawn. Her number is public; nothing else of her is."""

    MOTS_DU_SERVICE: ClassVar[frozenset[str]] = frozenset({"numero"})

    tirage = CleEtrangere(Tirage, related_name="volontaires")
    numero = models.CharField("numéro", max_length=8, blank=True)
    nom = models.CharField("nom", max_length=120, blank=True)
    courriel = models.EmailField("adresse électronique", blank=True)
    telephone = models.CharField("téléphone", max_length=20, blank=True)
    foyer = models.CharField(
        "foyer", max_length=200, blank=True, help_text="Son adresse : une personne par foyer."
    )
    profil = models.JSONField("profil", default=dict, blank=True)
    # The row that she was poured from (`volontaires/versement`), « panels.inscription:12 ».
    origine = models.CharField("origine", max_length=60, blank=True, db_default="", editable=False)
    langue = models.CharField(
        "langue des lettres", max_length=2, default=FRANCAIS, db_default="fr", editable=False
    )
    import_fichier = CleEtrangere(
        "ImportDeVolontaires",
        null=True,
        on_delete=models.SET_NULL,
        related_name="personnes",
        editable=False,
        verbose_name="tableau",
    )
    nonce = models.CharField("secret de l’engagement", max_length=32, blank=True, editable=False)
    engagement = models.CharField("engagement", max_length=64, blank=True, editable=False)
    billet = models.CharField("billet", max_length=64, blank=True, editable=False)
    est_ecarte_par_foyer = models.BooleanField("une autre personne de son foyer est gardée", default=False)
    chances = models.PositiveSmallIntegerField("panels où elle siège", null=True, blank=True)
    place = models.CharField("place", max_length=8, choices=Place, default=Place.AUCUNE)
    est_en_reserve = models.BooleanField("en réserve", default=False, db_default=False)
    place_le = models.DateTimeField("depuis le", null=True, blank=True)

    suivi = PortePar[Tirage]("tirage")
    objects = VolontaireQuerySet.as_manager()

    class Meta:
        verbose_name = "volontaire"
        verbose_name_plural = "volontaires"
        ordering = ["tirage", "numero", "pk"]
        indexes = [index_du_telephone("volontaire_telephone")]
        constraints = [
            models.UniqueConstraint(
                fields=["tirage", "numero"],
                name="volontaire_numero_unique",
                condition=~Q(numero=""),
                violation_error_message="Ce numéro est déjà donné.",
            ),
            models.UniqueConstraint(
                fields=["tirage", "origine"],
                name="volontaire_origine_unique",
                condition=~Q(origine=""),
                violation_error_message="Cette inscription est déjà dans le tirage.",
            ),
        ]

    def __str__(self) -> str:
        return self.numero or self.nom or "volontaire"

    def profil_pour(self, categories: tuple[str, ...]) -> Profil:
        return profil_pour(self.profil, categories)

    @property
    def chance_en_mots(self) -> str:
        return "" if self.chances is None else f"{accorder(self.chances, 'panel')} sur 1 000"


def ecrire_en_nombre(personnes: Sequence[Volontaire], champs: Sequence[str]) -> None:
    """Save these fields of many volunteers in one statement: `bulk_update` takes a minute for 50 000."""
    colonnes = [champ for champ in Volontaire._meta.concrete_fields if champ.attname in {"id", *champs}]
    types = ", ".join(f"%s::{str(colonne.db_type(connection)).split('(')[0]}[]" for colonne in colonnes)
    noms = ", ".join(f'"{colonne.attname}"' for colonne in colonnes)
    poses = ", ".join(f'"{champ}" = u."{champ}"' for champ in champs)
    with connection.cursor() as curseur:
        curseur.execute(
            f"UPDATE {Volontaire._meta.db_table} v SET {poses} FROM unnest({types}) AS u ({noms}) WHERE v.id = u.id",  # noqa: S608 our names
            [[getattr(personne, colonne.attname) for personne in personnes] for colonne in colonnes],
        )


class ImportDeVolontaires(ImportDeTableau):
    """A table of volunteers: who is read enters at once, who cannot be is kept apart with the reason."""

    LECTURE: ClassVar[str] = "participation.tirage.volontaires.actes.LECTURE"

    tirage = CleEtrangere(Tirage, related_name="imports")

    class Meta(ImportDeTableau.Meta):
        verbose_name = "import de volontaires"
        verbose_name_plural = "imports de volontaires"


class LigneRefusee(models.Model):
    """A row of the table, as it was, until the list is frozen."""

    import_fichier = CleEtrangere(ImportDeVolontaires, on_delete=models.CASCADE, related_name="refus")
    numero = models.PositiveIntegerField("ligne")
    valeurs = models.JSONField("valeurs", default=list)
    raison = models.CharField("raison", max_length=300)

    class Meta:
        verbose_name = "ligne refusée"
        verbose_name_plural = "lignes refusées"
        ordering = ["import_fichier", "numero"]

    def __str__(self) -> str:
        return f"ligne {self.numero} : {self.raison}"


class EntreeTirage(LigneDeJournal):
    """Line of the journal of a draw, which the database protects. It names no volunteer but by number."""

    tirage = CleEtrangere(Tirage, related_name="journal")

    class Meta(LigneDeJournal.Meta):
        verbose_name = "entrée du journal d’un tirage"
        verbose_name_plural = "journal des tirages"
        triggers = [ineffacable("tirage")]
