"""A citizen panel: its mandate, its team, whom it invites, the draw and the instance that come of it."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from participation.panels import workflow
from participation.panels.models.reglement import ReglementPanels
from participation.panels.workflow import EtatPanel, RoleEquipe, Voie
from participation.seances.models import Instance
from participation.socle.francais import jour_texte
from participation.socle.models import (
    CleEtrangere,
    CleUnique,
    Compte,
    Dossier,
    DossierQuerySet,
    Partie,
    PortePar,
    Voix,
)
from participation.socle.workflow import Apparence, Decision, Role, Table
from participation.tirage.models import Tirage


class PanelQuerySet(DossierQuerySet):
    # `Any`: rows of its own table, which the type checker would take for dossiers.
    def publics(self) -> Any:
        return self.filter(est_publie=True)

    def appeles_par(self, compte: Compte) -> Any:
        """Return those whose calls this account makes."""
        siens = Equipier.objects.filter(compte=compte.pk, role__in=workflow.APPELLENT)
        return self.filter(pk__in=siens.values("panel"), etat__in=workflow.TIRES)


class Panel(Dossier):
    PREFIXE = "PAN"
    SUJET = "le panel"
    TRANSITIONS: ClassVar[Table] = workflow.TRANSITIONS
    APPARENCES: ClassVar[dict[str, Apparence]] = workflow.APPARENCES
    DECISIONS_DE_SEANCE: ClassVar[dict[str, Decision]] = workflow.DECISIONS_DE_SEANCE
    QUI_DEMANDE: ClassVar[str] = "le panel citoyen"
    DECIDE_EN_SEANCE: ClassVar[str] = "Voté par le panel en séance"
    SEANCE_EST_DITE: ClassVar[bool] = True
    ACTES_REPLIES: ClassVar[frozenset[str]] = frozenset(
        {"abandonner_panel", "prendre_en_charge", "modifier_panel"}
    )
    # Shown beside what they add to. The vote is taken in séance (`DECISIONS_DE_SEANCE`).
    ACTES_DANS_LA_PAGE: ClassVar[frozenset[str]] = frozenset(
        {
            "regler_strates", "noter_etape", "ajouter_equipier", "ecrire_page", "importer_adresses", "annuler_adresses", "tirer_numeros", "imprimer_invitations", "accepter_adresses", "annoncer_tirage_communes", "demander_parts", "inscrire", "dresser_tables",
            "imprimer_badges",
            "etablir_indemnites",
            "ouvrir_questionnaires", "relancer_questionnaires", "saisir_questionnaire", "publier_evaluation",
            "ecrire_recommandation", "adopter_recommandations", "ajouter_suite", "effacer_inscrits",
        }
    )  # fmt: skip
    ACTES_DUS: ClassVar[dict[str, str]] = {EtatPanel.SESSION: ""}

    etat = models.CharField("état", max_length=12, choices=EtatPanel, default=EtatPanel.PREPARATION)
    cle = models.SlugField(
        "adresse courte", max_length=30, unique=True, help_text="Un mot, imprimé sur les lettres : « eau »."
    )
    mandat = models.TextField("question posée au panel", max_length=2000)
    repond_a = models.CharField("à qui il répond", max_length=200, help_text="Qui a promis de lui répondre.")
    engagement = models.TextField(
        "ce qui lui est promis", max_length=2000, blank=True, help_text="Public : qui répond, quand, comment."
    )
    financement = models.TextField(
        "ce qu’il coûte et qui paie", max_length=1000, blank=True, help_text="Public."
    )
    places = models.PositiveSmallIntegerField(
        "places", validators=[MinValueValidator(2), MaxValueValidator(500)]
    )
    seances_prevues = models.PositiveSmallIntegerField(
        "séances prévues", null=True, blank=True, validators=[MinValueValidator(1)]
    )
    date_premiere_seance = models.DateField("première séance")
    lieu = models.CharField("lieu", max_length=200, blank=True)
    voie = models.CharField("invitation", max_length=10, choices=Voie, default=Voie.COURRIER)
    prestataire = models.CharField("prestataire", max_length=160, blank=True)
    # The dossier that opened it: a petition.
    origine = CleEtrangere(Dossier, null=True, related_name="panels", verbose_name="dossier d’origine")
    tirage = CleUnique(Tirage, null=True, related_name="panel", verbose_name="tirage")
    instance = CleUnique(Instance, null=True, related_name="panel", verbose_name="instance")
    comite = CleUnique(Instance, null=True, related_name="panel_suivi", verbose_name="comité de suivi")
    reglement = CleEtrangere(ReglementPanels, null=True, related_name="panels", verbose_name="règlement")
    # How the columns of its tables of addresses are named: what is read → the heading, kept for the next table.
    colonnes_adresses = models.JSONField("colonnes des adresses", default=dict, blank=True, db_default={})
    questionnaires_le = models.DateTimeField("questionnaires ouverts le", null=True, blank=True)
    evaluation = models.TextField("ce que le service en retient", max_length=4000, blank=True, db_default="")
    evaluation_le = models.DateTimeField("évaluation publiée le", null=True, blank=True)
    date_constitution = models.DateField("constitué le", null=True, blank=True)

    objects: ClassVar[Any] = PanelQuerySet.as_manager()

    class Meta:
        verbose_name = "panel citoyen"
        verbose_name_plural = "panels citoyens"
        ordering = ["-date_premiere_seance", "-pk"]

    def voix(self) -> Iterator[Voix]:
        for courriel in self.inscriptions.assises().exclude(courriel="").values_list("courriel", flat=True):
            yield Voix(courriel, "un membre du panel")

    def get_absolute_url(self) -> str:
        return reverse("panels:panel", args=[self.pk])

    def get_public_url(self) -> str:
        return reverse("panels:panel_public", args=[self.cle])

    @property
    def appels_url(self) -> str:
        """The list of calls: all that who calls for the service sees of the panel."""
        return reverse("panels:appels", args=[self.pk])

    @property
    def fil_avant(self) -> list[tuple[str, str]]:
        return [("Panels citoyens", reverse("panels:panels"))]

    @property
    def fil(self) -> list[tuple[str, str]]:
        return [*self.fil_avant, (self.nom_court, self.get_absolute_url())] if self.pk else self.fil_avant

    @property
    def fil_public(self) -> list[tuple[str, str]]:
        """Whoever calls for the service reads this page alone."""
        return [("Appels du panel", self.appels_url)] if self.pk else []

    @property
    def regle(self) -> ReglementPanels:
        """The règlement that the panel was opened under."""
        return self.reglement or ReglementPanels.actuel()

    @property
    def qui_demande(self) -> str:
        return f"le panel citoyen « {self.titre} »"[:160]

    def a_lire(self) -> list[tuple[str, str]]:
        return [("La question posée au panel", self.mandat)]

    def mots_de_suite(self) -> dict[str, str]:
        return {"premiere": jour_texte(self.date_premiere_seance), "places": str(self.places)}

    @cached_property
    def appelants(self) -> frozenset[int]:
        """Accounts that call for the service: read once for a whole list of calls."""
        siens = self.equipe.filter(role__in=workflow.APPELLENT) if self.pk else Equipier.objects.none()
        return frozenset(siens.values_list("compte", flat=True))

    def roles_de(self, compte: Compte | None, sur: models.Model | None = None) -> frozenset[str]:
        """Give MEMBRE to who calls for the service, on this panel alone."""
        roles = super().roles_de(compte, sur) - {Role.MEMBRE}
        est_appelant = compte is not None and not compte.est_agent and compte.pk in self.appelants
        return roles | {Role.MEMBRE} if est_appelant else roles

    def a_voter(self) -> list[str]:
        return [
            f"{ordre}. {titre}"
            for ordre, titre in self.recommandations.order_by("ordre").values_list("ordre", "titre")
        ]

    @property
    def categories(self) -> dict[str, list[str]]:
        """Values of each category, as the quotas of the draw say them; empty before they are written."""
        dites: dict[str, list[str]] = {}
        for quota in self.tirage.quotas.all() if self.tirage is not None else ():
            dites.setdefault(quota.categorie, []).append(quota.valeur)
        return dites


class Equipier(Partie):
    """Somebody who works for the panel."""

    panel = CleEtrangere(Panel, on_delete=models.CASCADE, related_name="equipe")
    compte = CleEtrangere(settings.AUTH_USER_MODEL, related_name="+", verbose_name="personne")
    role = models.CharField("rôle", max_length=10, choices=RoleEquipe)

    suivi = PortePar[Panel]("panel")

    class Meta:
        verbose_name = "équipier"
        ordering = ["panel", "role", "compte__nom", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["panel", "compte", "role"],
                name="equipier_panel_unique",
                violation_error_message="Cette personne a déjà ce rôle dans ce panel.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.compte}, {self.get_role_display()}"


class Strate(models.Model):
    """A part of the population that is written to: its share of the mailing comes from how much it answers."""

    panel = CleEtrangere(Panel, on_delete=models.CASCADE, related_name="strates")
    ordre = models.PositiveSmallIntegerField("ordre")
    nom = models.CharField("strate", max_length=80)
    population = models.PositiveIntegerField("adresses", validators=[MinValueValidator(1)])
    places = models.PositiveSmallIntegerField("places voulues")
    taux = models.DecimalField(
        "réponses (%)",
        max_digits=4,
        decimal_places=1,
        validators=[MinValueValidator(0.1), MaxValueValidator(100)],
    )

    class Meta:
        verbose_name = "strate"
        ordering = ["panel", "ordre"]
        constraints = [
            models.UniqueConstraint(
                fields=["panel", "nom"],
                name="strate_panel_unique",
                violation_error_message="Cette strate est déjà écrite.",
            ),
            models.CheckConstraint(
                condition=Q(taux__gt=0),
                name="strate_panel_repond",
                violation_error_message="Donnez un taux de réponse.",
            ),
        ]

    def __str__(self) -> str:
        return self.nom
