"""Sujet, which gathers several remontées; visibility and roles common to both."""

from collections.abc import Iterator
from typing import Any, ClassVar, Self

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.indexes import GistIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from participation.socle.models import (
    CleEtrangere,
    Commune,
    Compte,
    Dossier,
    DossierQuerySet,
    Partie,
    Quartier,
    Voix,
)
from participation.socle.models.dossiers import Visiteur, reunis
from participation.socle.models.echeances import avant_le
from participation.socle.regles.mots import mots_a_comparer
from participation.socle.regles.traces import masquer
from participation.socle.workflow import Apparence, Decision, Role, Table
from remontees import workflow
from remontees.models.referentiel import Categorie
from remontees.workflow import (
    PARTS_ATTENDUES,
    PARTS_LISANTES,
    SUJETS_EN_COURS,
    SUR_UN_SERVICE_MUET,
    EtatSujet,
    Issue,
)

TITRES_LUS = 20  # titles of remontées shown for a sujet without text

LES_HABITANTS = "des habitantes et habitants"


class TraiteQuerySet(DossierQuerySet):
    """Queryset of remontées and of sujets."""

    def visibles_par(self, visiteur: Visiteur) -> Self:
        """Return what the visitor may see.

        Everyone sees the published ones; agents, all; an author, theirs; directions and communes, those of
        which they hold a part that was neither withdrawn nor refused. A discrimination is visible only to the
        agents who have the right, whoever held a part before.
        """
        a_part = any(champ.name == "est_discrimination" for champ in self.model._meta.fields)
        if isinstance(visiteur, AnonymousUser):
            return self.filter(est_publie=True)
        if visiteur.est_agent:
            # Column of this table: no join.
            return self if visiteur.lit_les_reserves or not a_part else self.filter(est_discrimination=False)
        siens = Q(pk__in=[])
        for appartenance in visiteur.appartenances_en_vigueur:
            if appartenance.direction_id:
                siens |= Q(direction=appartenance.direction_id)
            if appartenance.commune_id:
                siens |= Q(commune=appartenance.commune_id)
        parts: Any = Dossier._meta.get_field("attributions").related_model
        lues = parts.objects.filter(siens, etat__in=sorted(PARTS_LISANTES)).order_by().values("dossier")
        publies = Q(est_publie=True, nature=self.model._meta.model_name)
        vus = self.filter(pk__in=reunis(publies, Q(auteur=visiteur)).union(lues))
        return vus.filter(est_discrimination=False) if a_part else vus


def avant_quand(dossier: Dossier) -> str:
    echeance = dossier.echeances.ouvertes().order_by("date_limite").first()
    if echeance is None:
        return ""
    return avant_le(echeance.date_limite, arretee=echeance.suspendue_le is not None)


class Traite(Dossier):
    """A remontée or a sujet: services hold parts of it, and the comité de suivi may decide on it."""

    QUI_DEMANDE = LES_HABITANTS
    DECIDE_EN_SEANCE = "Décidé par le comité de suivi"
    GABARIT_SEANCE = "remontees/seance/_traite.html"

    class Meta:
        abstract = True

    def roles_de(self, compte: Compte | None, sur: models.Model | None = None) -> frozenset[str]:
        """The roles of direction and commune are those held on the part `sur`."""
        roles = super().roles_de(compte, sur)
        if compte is None:
            return roles
        siens = sur.roles_de(compte) if isinstance(sur, Partie) else frozenset()
        return roles - {Role.AGENT_DIRECTION, Role.AGENT_COMMUNE} | siens

    def roles_pour_dire(self, compte: Compte | None) -> frozenset[str]:
        """Add the roles of the account on the parts that await an answer; none for an agent of the service."""
        roles = self.roles_de(compte)
        if compte is None or compte.est_agent:
            return roles
        return roles.union(*(part.roles_de(compte) for part in self.parts_attendues()))

    def parts_attendues(self) -> Any:
        return self.attributions.filter(etat__in=sorted(PARTS_ATTENDUES))


class SujetQuerySet(TraiteQuerySet):
    def sans_reponse(self) -> Self:
        """Return the sujets whose services have answered and whose answer is not written yet."""
        return self.filter(etat=EtatSujet.A_REPONDRE, reponse="")

    def a_relire(self) -> Self:
        """Return the sujets whose answer awaits another agent, oldest first, with `ecrite_le`."""
        ecrite = models.Max("journal__le", filter=Q(journal__acte="repondre_sujet"))
        return (
            self.filter(etat=EtatSujet.A_REPONDRE)
            .exclude(reponse="")
            .annotate(ecrite_le=ecrite)
            .order_by("ecrite_le", "pk")
        )


class Sujet(Traite):
    """Several remontées that share one answer, which may be published."""

    PREFIXE = "SUJ"
    SUJET = "le sujet"
    TRANSITIONS: ClassVar[Table] = workflow.TRANSITIONS_DU_SUJET
    APPARENCES: ClassVar[dict[str, Apparence]] = workflow.APPARENCES_DU_SUJET
    ACTES_DUS: ClassVar[dict[str, str]] = workflow.ACTES_DUS_DU_SUJET
    ACTES_REPLIES: ClassVar[frozenset[str]] = frozenset(
        {"ajouter_suite", "depublier_sujet", "porter_en_seance", "demander_visite", *SUR_UN_SERVICE_MUET}
    )
    DECISIONS_DE_SEANCE: ClassVar[dict[str, Decision]] = workflow.DECISIONS_SUR_UN_SUJET
    SEANCE_EST_DITE = True

    etat = models.CharField("état", max_length=12, choices=EtatSujet, default=EtatSujet.OUVERT)
    categorie = CleEtrangere(Categorie, null=True, related_name="sujets", verbose_name="catégorie")
    commune = CleEtrangere(Commune, null=True, related_name="sujets")
    quartier = CleEtrangere(Quartier, null=True, related_name="sujets")
    texte_public = models.TextField(
        "texte public",
        blank=True,
        help_text="Ce que les gens disent, en vos mots. Aucun nom, aucune adresse.",
    )
    issue = models.CharField("issue", max_length=12, choices=Issue, blank=True)
    reponse = models.TextField("réponse", blank=True)
    repondu_le = models.DateTimeField("répondu le", null=True, blank=True, editable=False)
    date_prevue = models.DateField("prévu le", null=True, blank=True)
    ecrite_par = CleEtrangere(Compte, null=True, related_name="+", verbose_name="réponse écrite par")
    relue_par = CleEtrangere(Compte, null=True, related_name="+", verbose_name="réponse relue par")
    # Set once: only the first answer must be read by another agent.
    relue_le = models.DateTimeField("réponse relue le", null=True, blank=True, editable=False)
    mots = models.TextField(
        "mots comparés",
        blank=True,
        editable=False,
        help_text="Ceux du titre puis du texte, sans accent ni mots vides : pour trouver ce qui se ressemble.",
    )

    objects: ClassVar[Any] = SujetQuerySet.as_manager()

    class Meta:
        verbose_name = "sujet"
        ordering = ["-ouvert_le", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(etat__in=[EtatSujet.REPONDU, EtatSujet.CLOS]) | (~Q(issue="") & ~Q(reponse="")),
                name="sujet_repondu_a_sa_reponse",
                violation_error_message="Dites ce que devient le sujet, et la réponse.",
            )
        ]
        indexes = [
            GistIndex(OpClass(F("mots"), name="gist_trgm_ops(siglen=128)"), name="sujet_mots"),
            models.Index("categorie", F("dossier_ptr").desc(), name="sujet_categorie"),
            # The last answers, on the home page.
            models.Index(
                F("repondu_le").desc(),
                F("dossier_ptr").desc(),
                condition=Q(repondu_le__isnull=False),
                name="sujet_repondus",
            ),
            models.Index(
                "etat", "dossier_ptr", condition=Q(etat__in=sorted(SUJETS_EN_COURS)), name="sujet_en_cours"
            ),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        # Not a generated column: the title is in the table of Dossier.
        self.mots = mots_a_comparer(self.titre, self.texte_public)
        if (champs := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {*champs, "mots"}
        super().save(*args, **kwargs)

    def theme_propose(self) -> str:
        return self.categorie.theme if self.categorie is not None else ""

    def voix(self) -> Iterator[Voix]:
        for remontee in self.remontees.select_related("rapporteur").order_by("pk"):
            yield from remontee.voix()

    def get_absolute_url(self) -> str:
        return reverse("remontees:sujet", args=[self.pk])

    def get_public_url(self) -> str:
        return reverse("remontees:sujet_public", args=[self.reference])

    @property
    def est_a_relire(self) -> bool:
        """Whether the answer is written and awaits another agent before it is sent."""
        return self.etat == EtatSujet.A_REPONDRE and bool(self.reponse)

    @property
    def apparence(self) -> Apparence:
        return workflow.A_RELIRE if self.est_a_relire else super().apparence

    @property
    def libelle_etat(self) -> str:
        return "réponse à relire" if self.est_a_relire else super().libelle_etat

    @property
    def est_urgente(self) -> bool:
        """Whether a grouped remontée that awaits the answer is urgent."""
        return bool(self.remontees.urgentes_de(self.pk).exists())

    def acte_du(self) -> str | None:
        return "relire" if self.est_a_relire else super().acte_du()

    def a_faire(self, role: str, compte: Compte | None) -> str:
        if self.est_a_relire and self.est_ecrite_par(compte):
            return "rien pour l’instant, vous avez écrit la réponse : un autre agent la relit."
        return super().a_faire(role, compte)

    @property
    def fil_avant(self) -> list[tuple[str, str]]:
        return [*super().fil_avant, ("Sujets", reverse("remontees:sujets"))]

    def a_lire(self) -> list[tuple[str, str]]:
        """Return what a service reads, what says who somebody is being masked."""
        return [(libelle, masquer(texte)) for libelle, texte in self.a_lire_en_entier()]

    def a_lire_en_entier(self) -> list[tuple[str, str]]:
        """Return the public text, or the titles of the remontées while there is none."""
        titres = self.texte_public or "\n".join(
            f"– {remontee.titre}" for remontee in self.remontees.order_by("-entendue_le", "-pk")[:TITRES_LUS]
        )
        return [("Ce que disent les gens", titres)] if titres else []

    def pieces_a_lire(self) -> "models.QuerySet[Any]":
        return super().pieces_a_lire().filter(parts=None)

    def mots_de_suite(self) -> dict[str, str]:
        return {"avant": avant_quand(self), "issue": self.get_issue_display().lower()}

    def est_ecrite_par(self, compte: Compte | None) -> bool:
        """Whether this account wrote the answer, which nobody else has read."""
        return self.relue_le is None and compte is not None and self.ecrite_par_id == compte.pk
