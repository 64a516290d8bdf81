"""Accounts and their rights: an account is an email address; its roles come from dated appartenances."""

from datetime import date, timedelta
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property

from participation.socle.liens import Lien
from participation.socle.models.champs import CleEtrangere
from participation.socle.models.sceaux import Scelle
from participation.socle.models.telephones import index_du_telephone
from participation.socle.models.territoire import Commune, Direction
from participation.socle.regles.adresses import est_fermee, est_par_poste
from participation.socle.workflow import Role

# What stands for the name of a person once their account is closed.
COMPTE_FERME = "compte fermé"
DEHORS = frozenset({Role.AGENT_DIRECTION, Role.AGENT_COMMUNE})  # who answers for a direction or a commune
REMPLACABLES = DEHORS | {Role.AGENT}
ROLES_DU_BUREAU = REMPLACABLES | {Role.ACCUEIL, Role.ELU}
DUREE_APPAREIL = timedelta(days=1)


class CompteManager(BaseUserManager["Compte"]):
    def create_user(self, courriel: str, password: str | None = None, **champs: Any) -> "Compte":
        compte = self.model(courriel=courriel.strip().lower(), **champs)
        compte.set_password(password)
        compte.save(using=self._db)
        return compte

    def create_superuser(self, courriel: str, password: str | None = None, **champs: Any) -> "Compte":
        return self.create_user(courriel, password, **{**champs, "is_staff": True, "is_superuser": True})

    def agents_du_service(self) -> models.QuerySet["Compte"]:
        """Return the active accounts that are agents of the service today."""
        en_vigueur = Appartenance.objects.en_vigueur().filter(role=Role.AGENT)
        return self.filter(is_active=True, pk__in=en_vigueur.values("compte"))

    def referents(self) -> models.QuerySet["Compte"]:
        """Return the agents of the service who may read reserved dossiers today."""
        en_vigueur = Appartenance.objects.en_vigueur().filter(role=Role.AGENT, lit_les_reserves=True)
        return self.filter(is_active=True, pk__in=en_vigueur.values("compte"))

    def a_accueillir(self) -> models.QuerySet["Compte"]:
        """Return the active accounts of the back office that have not closed their page of welcome, the last first."""
        en_vigueur = Appartenance.objects.en_vigueur().filter(role__in=ROLES_DU_BUREAU)
        nouveaux = self.filter(is_active=True, accueilli_le=None, pk__in=en_vigueur.values("compte"))
        return nouveaux.order_by("-cree_le", "-pk")

    def dehors(self) -> models.QuerySet["Compte"]:
        """Return the active accounts that answer for a direction or a commune today."""
        en_vigueur = Appartenance.objects.en_vigueur().filter(role__in=DEHORS)
        return self.filter(is_active=True, pk__in=en_vigueur.values("compte"))

    def collegues(self, compte: "Compte") -> models.QuerySet["Compte"]:
        """Return the active accounts of its directions and communes, itself included."""
        propres = compte.appartenances_propres
        siens = Q(direction__in=[a.direction_id for a in propres if a.direction_id]) | Q(
            commune__in=[a.commune_id for a in propres if a.commune_id]
        )
        en_vigueur = Appartenance.objects.en_vigueur().filter(siens, role__in=DEHORS)
        return self.filter(is_active=True, pk__in=en_vigueur.values("compte"))

    def get_by_natural_key(self, username: str | None) -> "Compte":
        return self.get(courriel=(username or "").strip().lower())


class Compte(Scelle, AbstractBaseUser, PermissionsMixin):
    LIEN_APPAREIL: ClassVar[Lien] = Lien("socle.appareil", duree=DUREE_APPAREIL)

    courriel = models.EmailField(
        "courriel",
        max_length=254,
        unique=True,
        error_messages={"unique": "Un compte existe déjà pour cette adresse."},
    )
    prenom = models.CharField("prénom", max_length=80, blank=True)
    nom = models.CharField("nom", max_length=80, blank=True)
    fonction = models.CharField("fonction", max_length=120, blank=True)
    telephone = models.CharField("téléphone", max_length=20, blank=True)
    is_active = models.BooleanField("actif", default=True)
    is_staff = models.BooleanField("accès aux tables de référence", default=False)
    cree_le = models.DateTimeField("créé le", default=timezone.now, editable=False)
    accueilli_le = models.DateTimeField("a lu la page de bienvenue le", null=True, blank=True)
    mfa_exigee_le = models.DateField("second facteur exigé à partir du", null=True, blank=True)

    objects: ClassVar[CompteManager] = CompteManager()

    USERNAME_FIELD = "courriel"
    EMAIL_FIELD = "courriel"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = "compte"
        ordering = ["nom", "prenom", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(courriel=Lower("courriel")),
                name="compte_courriel_en_minuscules",
                violation_error_message="L’adresse se garde en minuscules.",
            )
        ]
        indexes = [index_du_telephone("compte_telephone")]

    def __str__(self) -> str:
        if nom := self.get_full_name():
            return nom
        if est_fermee(self.courriel):
            return COMPTE_FERME
        return "personne sans courriel" if self.est_par_poste else self.courriel

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.courriel = self.courriel.strip().lower()
        super().save(*args, **kwargs)

    @property
    def est_par_poste(self) -> bool:
        """Whether the person has no mailbox and is written to by post."""
        return est_par_poste(self.courriel)

    @property
    def boite(self) -> str:
        """The address to show or to write to; "" without a mailbox."""
        return "" if self.est_par_poste else self.courriel

    def get_full_name(self) -> str:
        return f"{self.prenom} {self.nom}".strip()

    def get_short_name(self) -> str:
        return self.prenom or str(self)

    @cached_property
    def appartenances_propres(self) -> list["Appartenance"]:
        return list(self.appartenances.en_vigueur().select_related("direction", "commune"))

    @cached_property
    def appartenances_en_vigueur(self) -> list["Appartenance"]:
        """Return its own, and, for an agent of the service, those in a direction or a commune of whom she stands in for
        today: a colleague there has them already."""
        propres = self.appartenances_propres
        if not any(a.role == Role.AGENT for a in propres) or not self.remplace:
            return propres
        empruntees = Appartenance.objects.en_vigueur().filter(compte__in=self.remplace, role__in=DEHORS)
        return [*propres, *empruntees.select_related("direction", "commune").order_by("pk")]

    @cached_property
    def roles(self) -> frozenset[str]:
        """Roles held today by appartenance; empty if the account is inactive.

        Cached on the instance: one query per request.
        """
        return (
            frozenset(appartenance.role for appartenance in self.appartenances_en_vigueur)
            if self.is_active
            else frozenset()
        )

    @cached_property
    def suppleances(self) -> list[tuple[int, date | None, str]]:
        """Whom the account stands in for today, by number, the last day, and for which dossiers ("" for all).

        One query per request, for agents of the service, of a direction or of a commune.
        """
        if not any(a.role in REMPLACABLES for a in self.appartenances_propres):
            return []
        remplacements: Any = self.remplacements
        return list(remplacements.du().values_list("compte", "date_fin", "domaine"))

    @cached_property
    def remplace(self) -> dict[int, date]:
        """Whom it stands in for today whatever the dossier, by number, and the last day."""
        return {compte: fin for compte, fin, domaine in self.suppleances if not domaine and fin is not None}

    def delegue_de(self, nature: str) -> list[int]:
        """Return who delegated these dossiers to the account."""
        return [compte for compte, _, domaine in self.suppleances if domaine and domaine == nature]

    @cached_property
    def droits(self) -> tuple[Any, ...]:
        """Rights held today, with the day: what is kept for this account holds while they are the same."""
        tenues = {
            (a.role, a.direction_id, a.commune_id, a.lit_les_reserves) for a in self.appartenances_en_vigueur
        }
        remplaces = frozenset(self.suppleances)
        return self.is_active, self.is_staff, timezone.localdate(), frozenset(tenues), remplaces

    @property
    def est_agent(self) -> bool:
        return Role.AGENT in self.roles

    @property
    def se_remplace(self) -> bool:
        """Whether somebody stands in for the account while she is away."""
        return bool(self.roles & REMPLACABLES)

    @property
    def lit_les_reserves(self) -> bool:
        """Whether the account may read reserved dossiers, which other agents may not."""
        return self.is_active and any(a.lit_les_reserves for a in self.appartenances_en_vigueur)

    @property
    def a_le_bureau(self) -> bool:
        """Whether the account works in the back office: it has a professional role."""
        return bool(self.roles & ROLES_DU_BUREAU)

    @property
    def doit_un_second_facteur(self) -> bool:
        """Whether a second factor is required.

        A password or a mailbox alone must not open the back office or the admin.
        """
        return self.is_active and (self.is_staff or self.a_le_bureau)


class AppartenanceQuerySet(models.QuerySet["Appartenance"]):
    def en_vigueur(self, jour: date | None = None) -> "AppartenanceQuerySet":
        jour = jour or timezone.localdate()
        return self.filter(Q(depuis__lte=jour) & (Q(jusqu_a__isnull=True) | Q(jusqu_a__gte=jour)))

    def anciens_agents(self) -> "models.QuerySet[Appartenance, Any]":
        """Return the keys of who was an agent of the service and is not today: account closed, or role ended."""
        agents = self.filter(role=Role.AGENT).order_by()
        presents = agents.en_vigueur().filter(compte__is_active=True).values("compte")
        return agents.exclude(compte__in=presents).values("compte")


class Appartenance(models.Model):
    """A role held from a day to a day (included), in a direction or a commune for the roles that need one."""

    ROLES: ClassVar[list[tuple[str, str]]] = [
        (r.value, str(r.label)) for r in Role if r not in {Role.AUTEUR, Role.SYSTEME}
    ]

    compte = CleEtrangere(Compte, on_delete=models.CASCADE, related_name="appartenances")
    role = models.CharField("rôle", max_length=20, choices=ROLES)
    direction = CleEtrangere(Direction, null=True, related_name="appartenances")
    commune = CleEtrangere(Commune, null=True, related_name="appartenances")
    lit_les_reserves = models.BooleanField(
        "lit les dossiers réservés",
        default=False,
        help_text="Référent des discriminations : les autres agents ne voient pas ces dossiers.",
    )
    depuis = models.DateField("depuis le", default=timezone.localdate)
    jusqu_a = models.DateField("jusqu’au", null=True, blank=True)

    objects = AppartenanceQuerySet.as_manager()

    class Meta:
        verbose_name = "appartenance"
        ordering = ["compte", "role", "depuis"]
        constraints = [
            models.CheckConstraint(
                condition=Q(role=Role.AGENT_DIRECTION, direction__isnull=False)
                | (~Q(role=Role.AGENT_DIRECTION) & Q(direction__isnull=True)),
                name="appartenance_direction_dite",
                violation_error_message="Dites de quelle direction, et seulement pour l’agent d’une direction.",
            ),
            models.CheckConstraint(
                condition=Q(role=Role.AGENT_COMMUNE, commune__isnull=False)
                | (~Q(role=Role.AGENT_COMMUNE) & Q(commune__isnull=True)),
                name="appartenance_commune_dite",
                violation_error_message="Dites de quelle commune, et seulement pour l’agent d’une commune.",
            ),
            models.CheckConstraint(
                condition=Q(lit_les_reserves=False) | Q(role=Role.AGENT),
                name="appartenance_reserves_par_un_agent",
                violation_error_message="Seul un agent du service participation lit les dossiers réservés.",
            ),
            models.CheckConstraint(
                condition=Q(jusqu_a__isnull=True) | Q(jusqu_a__gte=F("depuis")),
                name="appartenance_dates_ordonnees",
                violation_error_message="La fin précède le début.",
            ),
            models.UniqueConstraint(
                fields=["compte", "role", "direction", "commune", "depuis"],
                nulls_distinct=False,
                name="appartenance_unique",
                violation_error_message="Cette appartenance existe déjà.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.compte}, {self.get_role_display()}"

    @property
    def est_en_vigueur(self) -> bool:
        jour = timezone.localdate()
        return self.depuis <= jour and (self.jusqu_a is None or jour <= self.jusqu_a)
