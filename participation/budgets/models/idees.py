"""Idées, proposed by a person or a table of a forum, and their authors, kept in a table of their own."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, ClassVar, Self

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.indexes import GistIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from participation.budgets.models.budgets import Budget, ReglementInterQuartiers
from participation.budgets.models.forums import TableForum
from participation.budgets.workflow import budget as workflow
from participation.budgets.workflow.budget import (
    BUDGETS_PUBLICS,
    IDEES_PUBLIQUES,
    CanalIdee,
    Capacite,
    EtatIdee,
)
from participation.socle.calendrier import il_y_a_plus_de
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.langues import FRANCAIS
from participation.socle.liens import Lien
from participation.socle.models import (
    AProuver,
    CleEtrangere,
    Compte,
    Dossier,
    DossierQuerySet,
    Partie,
    PortePar,
    Scelle,
    Voix,
)
from participation.socle.models.dossiers import Visiteur
from participation.socle.models.mots import mots_compares
from participation.socle.models.telephones import index_du_telephone
from participation.socle.workflow import Apparence, Table


class VoixDuBudgetQuerySet(DossierQuerySet):
    """Idées and projets de quartier. Agents see all of them, other visitors only what is published."""

    def visibles_par(self, visiteur: Visiteur) -> Self:
        if not isinstance(visiteur, AnonymousUser) and visiteur.est_agent:
            return self
        return super().visibles_par(visiteur)

    def publics(self) -> Self:
        return self.filter(est_publie=True, budget__etat__in=sorted(BUDGETS_PUBLICS))


class Idee(Scelle, Dossier):
    """A proposal. `texte`: words of the author; `texte_public`: text read by an agent and published."""

    PREFIXE = "IDQ"
    SUJET = "l’idée"
    TRANSITIONS: ClassVar[Table] = workflow.TRANSITIONS_DE_L_IDEE
    APPARENCES: ClassVar[dict[str, Apparence]] = workflow.APPARENCES_DE_L_IDEE
    ACTES_DUS: ClassVar[dict[str, str]] = workflow.ACTES_DUS_DE_L_IDEE
    ACTES_REPLIES: ClassVar[frozenset[str]] = frozenset(
        {"prendre_en_charge", "corriger_idee", "retirer_idee"}
    )
    # Signed link to the page where the author follows the idée, without an account.
    # Named as in the letters that hold it.
    LIEN: ClassVar[Lien] = Lien("contrat_ville.idee")

    budget = CleEtrangere(Budget, related_name="idees")
    etat = models.CharField("état", max_length=12, choices=EtatIdee, default=EtatIdee.A_LIRE)
    canal = models.CharField("reçue", max_length=10, choices=CanalIdee, default=CanalIdee.WEB)
    texte = models.TextField("ce qui est proposé", help_text="Mot pour mot. Jamais public sans relecture.")
    texte_public = models.TextField("texte public", blank=True)
    lieu = models.CharField("lieu", max_length=200, blank=True)
    # Position given by the author; after publication, the position kept by the agent.
    latitude = models.FloatField("latitude", null=True, blank=True)
    longitude = models.FloatField("longitude", null=True, blank=True)
    # Not named `projet`: this name is taken by another kind of dossier.
    projet_quartier = CleEtrangere(
        "budgets.ProjetQuartier", null=True, related_name="idees", verbose_name="projet"
    )
    table = CleEtrangere(TableForum, null=True, related_name="idees", verbose_name="table du forum")
    motif_refus = models.TextField("pourquoi elle est écartée", blank=True)
    # The same form sent twice (double click, reload) makes one idée.
    cle = models.UUIDField("clé de l’envoi", null=True, unique=True, editable=False)
    mots = models.GeneratedField(
        expression=mots_compares("texte"),
        output_field=models.TextField(),
        db_persist=True,
        help_text="Sans accent ni mots vides : pour trouver ce qui se ressemble.",
    )

    objects: ClassVar[Any] = VoixDuBudgetQuerySet.as_manager()

    class Meta:
        verbose_name = "idée"
        ordering = ["-ouvert_le", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(etat=EtatIdee.REUNIE) | Q(projet_quartier__isnull=False),
                name="idee_reunie_a_son_projet",
                violation_error_message="Choisissez le projet.",
            ),
            models.CheckConstraint(
                condition=Q(etat=EtatIdee.REUNIE) | Q(projet_quartier__isnull=True),
                name="idee_libre_sans_projet",
                violation_error_message="Une idée qui n’est pas réunie n’a pas de projet.",
            ),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="idee_point_entier",
                violation_error_message="Ce point n’est pas sur la Terre.",
            ),
        ]
        indexes = [
            models.Index("budget", "etat", F("dossier_ptr").desc(), name="idee_du_budget"),
            GistIndex(
                F("budget"), OpClass(F("mots"), name="gist_trgm_ops(siglen=128)"), name="idee_semblables"
            ),
        ]

    def voix(self) -> Iterator[Voix]:
        for courriel in self.auteurs.joignables().values_list("courriel", flat=True):
            yield Voix(courriel, "un auteur de l’idée")

    def get_absolute_url(self) -> str:
        return reverse("budgets:idee", args=[self.pk])

    def get_public_url(self) -> str:
        return reverse("budgets:idee_publique", args=[self.reference])

    def get_suivi_url(self) -> str:
        """Return the page of the author, by signed link."""
        return reverse("budgets:suivre_idee", args=[self.jeton()])

    @property
    def texte_modere(self) -> str:
        return self.texte

    @property
    def est_publique(self) -> bool:
        return self.etat in IDEES_PUBLIQUES

    @property
    def fil(self) -> list[tuple[str, str]]:
        debut = [*self.budget.fil, ("Idées", reverse("budgets:idees", args=[self.budget_id]))]
        return [*debut, (self.nom_court, self.get_absolute_url())] if self.pk else debut

    def mots_de_suite(self) -> dict[str, str]:
        return {"projet": str(self.projet_quartier.reference) if self.projet_quartier is not None else ""}

    def refus(self, acte: str, par: Compte | None, sur: models.Model | None = None) -> ErreurMetier | None:
        if self.pk and acte in workflow.NOTENT_UNE_IDEE:
            return ActeInterdit("Cette idée est déjà notée.")
        return super().refus(acte, par, sur)

    def avant_de_deposer(self, acte: str, par: Compte | None) -> list[str]:
        return self.budget.pourquoi_pas(Capacite.DEPOSER)

    def avant_de_saisir(self, acte: str, par: Compte | None) -> list[str]:
        return self.budget.pourquoi_pas(Capacite.SAISIR)


class AuteurIdeeQuerySet(models.QuerySet["AuteurIdee"]):
    def joignables(self) -> Self:
        """Keep the authors who can be written to.

        Their address is confirmed, or was given to an agent, and they did not stop the letters.
        """
        return self.filter(confirme_le__isnull=False, arrete_le__isnull=True).exclude(courriel="")


class AuteurIdee(Scelle, AProuver, Partie):
    """Author of an idée, with the details they chose to give.

    Kept apart from the idée; erased after the delay of the règlement, or on request.
    """

    DEMANDEE, CLE = "cree_le", "auteur-idee"
    LIEN: ClassVar[Lien] = Lien("contrat_ville.auteur")

    idee = CleEtrangere(Idee, on_delete=models.CASCADE, related_name="auteurs", verbose_name="idée")
    nom = models.CharField("nom", max_length=120, blank=True)
    courriel = models.EmailField("courriel", blank=True)
    telephone = models.CharField("téléphone", max_length=30, blank=True)
    langue = models.CharField("langue des lettres", max_length=2, default=FRANCAIS, db_default="fr")
    confirme_le = models.DateTimeField("adresse confirmée le", null=True, blank=True)
    arrete_le = models.DateTimeField("ne veut plus de lettres depuis le", null=True, blank=True)
    efface_le = models.DateTimeField("effacé le", null=True, blank=True, editable=False)
    cree_le = models.DateTimeField("noté le", default=timezone.now, editable=False)

    objects = AuteurIdeeQuerySet.as_manager()

    suivi = PortePar[Idee]("idee")

    class Meta:
        verbose_name = "auteur d’une idée"
        verbose_name_plural = "auteurs des idées"
        ordering = ["idee", "pk"]
        indexes = [
            models.Index("courriel", condition=~Q(courriel=""), name="auteur_idee_courriel"),
            index_du_telephone("auteur_idee_telephone"),
        ]

    def __str__(self) -> str:
        return self.nom or self.courriel or self.telephone or "une personne qui ne s’est pas nommée"

    @property
    def se_previent(self) -> bool:
        return bool(self.courriel) and self.confirme_le is not None and self.arrete_le is None

    @property
    def est_prouvee(self) -> bool:
        return bool(self.courriel) and self.confirme_le is not None

    def trop_tard(self) -> str:
        return "" if self.courriel else gettext("L’adresse a été effacée. L’idée, elle, est gardée.")

    @classmethod
    def sans_preuve(cls) -> "Iterable[models.QuerySet[Any]]":
        limite = il_y_a_plus_de(ReglementInterQuartiers.actuel().delai_confirmation_jours)
        return [cls.objects.filter(confirme_le=None, cree_le__lt=limite).exclude(courriel="")]

    @classmethod
    def effacer(cls, numeros: Sequence[int]) -> None:
        """Erase the addresses and the letters. The idées stay."""
        cls.effacer_lettres(numeros)
        cls.objects.filter(pk__in=numeros).update(courriel="")
