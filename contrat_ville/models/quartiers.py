"""Follow-up of a quartier by its référents: meetings, observations, focus groups, paroles without names."""

import uuid
from collections.abc import Iterator
from typing import Any, ClassVar, Self

from django.contrib.auth.models import AnonymousUser
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from contrat_ville import workflow
from contrat_ville.workflow import Accord, Age, EtatGroupe
from participation.socle.erreurs import ActeInterdit, ErreurMetier, Manque
from participation.socle.francais import accorder, jour_texte
from participation.socle.models import (
    CleEtrangere,
    CleUnique,
    Compte,
    Dossier,
    DossierQuerySet,
    LigneDeJournal,
    Partie,
    PortePar,
    Quartier,
    Suivi,
    Voix,
    ineffacable,
)
from participation.socle.models.dossiers import Visiteur
from participation.socle.workflow import Apparence, Role, Table


def communes_de(compte: Compte) -> list[str]:
    """Return the codes of the communes for which the account works today."""
    return [
        a.commune_id for a in compte.appartenances_en_vigueur if a.role == Role.AGENT_COMMUNE and a.commune_id
    ]


class SuiviQuartierQuerySet(models.QuerySet["SuiviQuartier"]):
    def visibles_par(self, compte: Compte) -> Self:
        """The service sees all quartiers; a référent sees theirs, a commune agent those of their communes."""
        if compte.est_agent:
            return self
        return self.filter(
            Q(pk__in=compte.quartiers_suivis.values("pk")) | Q(quartier__commune__in=communes_de(compte))
        )


class SuiviQuartier(Suivi):
    """Follow-up of a quartier prioritaire: référents, table de quartier, and what is recorded there."""

    SUJET = "le quartier"
    TRANSITIONS: ClassVar[Table] = workflow.TRANSITIONS_DU_QUARTIER

    quartier = CleUnique(Quartier, related_name="suivi_cdv")
    referents = models.ManyToManyField(
        Compte, blank=True, related_name="quartiers_suivis", verbose_name="référents"
    )
    table_de_quartier = models.CharField("table de quartier", max_length=160, blank=True)
    courriel = models.EmailField("courriel de la table de quartier", blank=True)

    objects = SuiviQuartierQuerySet.as_manager()

    class Meta:
        verbose_name = "suivi d’un quartier"
        verbose_name_plural = "suivi des quartiers"
        ordering = ["quartier"]

    def __str__(self) -> str:
        return str(self.quartier)

    def get_absolute_url(self) -> str:
        return reverse("contrat_ville:quartier_suivi", args=[self.pk])

    @property
    def fil(self) -> list[tuple[str, str]]:
        return [
            ("Ma journée", reverse("socle:journee")),
            ("Suivi des quartiers", reverse("contrat_ville:quartiers_suivis")),
            (self.quartier.nom, self.get_absolute_url()),
        ]

    def est_referent(self, compte: Compte) -> bool:
        """Whether the account is a référent. Cached on the object: each button asks for the roles."""
        lus: dict[int, bool] = self.__dict__.setdefault("_referents", {})
        if compte.pk not in lus:
            lus[compte.pk] = self.referents.filter(pk=compte.pk).exists()
        return lus[compte.pk]

    def roles_de(self, compte: Compte | None, sur: models.Model | None = None) -> frozenset[str]:
        """Give the role MEMBRE to the référents only: being a member of an instance gives nothing here."""
        roles = super().roles_de(compte, sur) - {Role.MEMBRE}
        return roles | {Role.MEMBRE} if compte is not None and self.est_referent(compte) else roles


class EntreeQuartier(LigneDeJournal):
    """One line of the journal of a quartier. The database refuses to change or remove it."""

    suivi = CleEtrangere(SuiviQuartier, related_name="journal")

    class Meta(LigneDeJournal.Meta):
        verbose_name = "entrée du journal de quartier"
        verbose_name_plural = "journal des quartiers"
        triggers = [ineffacable("quartier")]


class ReunionQuartier(Partie):
    quartier_suivi = CleEtrangere(SuiviQuartier, related_name="reunions", verbose_name="quartier")
    date = models.DateField("date")
    participants = models.CharField(
        "qui était là", max_length=400, help_text="Les structures et les fonctions."
    )
    notes = models.TextField("ce qui s’est dit", max_length=6000)
    decisions = models.TextField("ce qui est décidé", max_length=3000, blank=True)
    par = CleEtrangere(Compte, related_name="+", verbose_name="notée par")
    notee_le = models.DateTimeField("notée le", default=timezone.now)

    suivi = PortePar[SuiviQuartier]("quartier_suivi")

    class Meta:
        verbose_name = "réunion d’un quartier"
        verbose_name_plural = "réunions des quartiers"
        ordering = ["-date", "-pk"]

    def __str__(self) -> str:
        return f"Réunion du {jour_texte(self.date)}"

    @property
    def designation(self) -> str:
        return f"{self}, {self.quartier_suivi.quartier.nom}"


def chemin_photo(observation: "ObservationQuartier", nom: str) -> str:
    # The file name given by the sender is never used on the disk.
    return f"observations/{uuid.uuid4()}"


class ObservationQuartier(Partie):
    """Something seen in the quartier on a day, with or without a photo."""

    quartier_suivi = CleEtrangere(SuiviQuartier, related_name="observations", verbose_name="quartier")
    date = models.DateField("date")
    lieu = models.CharField("lieu", max_length=160, blank=True)
    texte = models.TextField("ce qui a été vu", max_length=3000)
    photo = models.FileField("photo", upload_to=chemin_photo, blank=True)
    type_photo = models.CharField("type de la photo", max_length=40, blank=True)
    sha256 = models.CharField("empreinte SHA-256", max_length=64, blank=True)
    description_photo = models.CharField("ce que montre la photo", max_length=200, blank=True)
    par = CleEtrangere(Compte, related_name="+", verbose_name="notée par")
    notee_le = models.DateTimeField("notée le", default=timezone.now)

    suivi = PortePar[SuiviQuartier]("quartier_suivi")

    class Meta:
        verbose_name = "observation"
        ordering = ["-date", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(photo="") | ~Q(description_photo=""),
                name="observation_photo_decrite",
                violation_error_message="Dites ce que montre la photo, pour qui ne la voit pas.",
            )
        ]

    def __str__(self) -> str:
        return f"Observation du {jour_texte(self.date)}"

    @property
    def designation(self) -> str:
        return f"{self}, {self.quartier_suivi.quartier.nom}"


class GroupeDiscussionQuerySet(DossierQuerySet):
    def visibles_par(self, visiteur: Visiteur) -> Self:
        """Keep what any visitor may see of a dossier, and the groups of the quartiers they follow."""
        vus = super().visibles_par(visiteur)
        if isinstance(visiteur, AnonymousUser) or visiteur.est_agent:
            return vus
        return self.filter(
            Q(pk__in=vus.values("pk"))
            | Q(suivi__in=SuiviQuartier.objects.visibles_par(visiteur).values("pk"))
        )


class GroupeDiscussion(Dossier):
    """A focus group: a guide of questions, participants, paroles kept without names, synthesis, suites."""

    PREFIXE = "GRP"
    SUJET = "le groupe"
    TRANSITIONS: ClassVar[Table] = workflow.TRANSITIONS_DU_GROUPE
    APPARENCES: ClassVar[dict[str, Apparence]] = workflow.APPARENCES_DU_GROUPE
    ACTES_DUS: ClassVar[dict[str, str]] = workflow.ACTES_DUS_DU_GROUPE
    ACTES_REPLIES: ClassVar[frozenset[str]] = frozenset({"prendre_en_charge", "annuler_groupe"})
    # Shown beside the list to which they add a line.
    ACTES_DANS_LA_PAGE: ClassVar[frozenset[str]] = frozenset({"ajouter_participant", "noter_parole"})

    suivi = CleEtrangere(SuiviQuartier, related_name="groupes", verbose_name="quartier")
    etat = models.CharField("état", max_length=10, choices=EtatGroupe, default=EtatGroupe.PREPARE)
    date = models.DateField("date")
    lieu = models.CharField("lieu", max_length=160, blank=True)
    animation = models.CharField("qui anime", max_length=160, blank=True)
    guide = models.TextField("guide", max_length=4000, help_text="Une question par ligne.")
    synthese = models.TextField("synthèse", max_length=8000, blank=True)

    objects: ClassVar[Any] = GroupeDiscussionQuerySet.as_manager()

    class Meta:
        verbose_name = "groupe de discussion"
        verbose_name_plural = "groupes de discussion"
        ordering = ["-date", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(etat__in=["restitue", "clos"]) | ~Q(synthese=""),
                name="groupe_restitue_a_sa_synthese",
                violation_error_message="Écrivez la synthèse.",
            )
        ]

    def voix(self) -> Iterator[Voix]:
        # No address of the participants is kept: the référents answer for them.
        for courriel in self.suivi.referents.filter(is_active=True).values_list("courriel", flat=True):
            yield Voix(courriel, "un référent du quartier")

    def get_absolute_url(self) -> str:
        return reverse("contrat_ville:groupe", args=[self.pk])

    def get_public_url(self) -> str:
        return reverse("contrat_ville:groupe_public", args=[self.reference])

    @property
    def fil_avant(self) -> list[tuple[str, str]]:
        return self.suivi.fil

    @property
    def designation(self) -> str:
        return super().designation if self.pk else str(self.suivi)

    def acte_du(self) -> str | None:
        """Return the act due: none before the day of the group; after a suite, publish, then close."""
        if self.etat == EtatGroupe.PREPARE and self.date > timezone.localdate():
            return ""
        if self.etat == EtatGroupe.RESTITUE and self.suites.exists():
            if not self.est_publie:
                return "publier_synthese"
            return "" if self.suites.ouvertes().exists() else "clore_groupe"
        return super().acte_du()

    @property
    def questions(self) -> list[str]:
        return [ligne.strip() for ligne in self.guide.splitlines() if ligne.strip()]

    @property
    def qui_demande(self) -> str:
        return f"un groupe de discussion du quartier {self.suivi.quartier.nom}"[:160]

    def est_suivi_par(self, compte: Compte) -> bool:
        """Whether the account may read the paroles. Others read the synthesis once it is published."""
        return (
            compte.est_agent or SuiviQuartier.objects.visibles_par(compte).filter(pk=self.suivi_id).exists()
        )

    def mots_de_suite(self) -> dict[str, str]:
        return {"quand": f"le {jour_texte(self.date)}"}

    def a_faire(self, role: str, compte: Compte | None) -> str:
        if role == Role.MEMBRE and self.etat == EtatGroupe.RESTITUE and self.suites.exists():
            return "" if self.est_publie else "publiez la synthèse : les suites sont publiques avec elle."
        return super().a_faire(role, compte)

    def a_lire(self) -> list[tuple[str, str]]:
        return [("Ce que le groupe dit", self.synthese)] if self.synthese else []

    def roles_de(self, compte: Compte | None, sur: models.Model | None = None) -> frozenset[str]:
        """Give the role MEMBRE to the référents of the quartier and to the agents of the service."""
        roles = super().roles_de(compte, sur) - {Role.MEMBRE}
        if compte is not None and (Role.AGENT in roles or self.suivi.est_referent(compte)):
            return roles | {Role.MEMBRE}
        return roles

    def refus(self, acte: str, par: Compte | None, sur: models.Model | None = None) -> ErreurMetier | None:
        if acte == "preparer_groupe" and self.pk:
            return ActeInterdit("Ce groupe est déjà préparé.")
        return super().refus(acte, par, sur)

    def avant_de_noter(self, acte: str, par: Compte | None) -> list[str]:
        return (
            []
            if self.citables().exists()
            else [Manque("Personne n’a accepté que ses mots soient gardés.", acte="ajouter_participant")]
        )

    def avant_de_publier(self, acte: str, par: Compte | None) -> list[str]:
        return ["La synthèse est déjà publiée."] if self.est_publie else []

    def avant_de_clore(self, acte: str, par: Compte | None) -> list[str]:
        reste = self.suites.ouvertes().count()
        attend = accorder(
            reste, "suite n’est pas arrivée à son terme", "suites ne sont pas arrivées à leur terme"
        )
        return [Manque(f"{attend}.", f"{self.get_absolute_url()}#suites")] if reste else []

    def avant_de_tenir(self, acte: str, par: Compte | None) -> list[str]:
        manques: list[str] = (
            []
            if self.date <= timezone.localdate()
            else [Manque("Le jour du groupe n’est pas encore venu.", acte="modifier_groupe")]
        )
        if not self.participants.filter(retire_le=None).exists():
            manques.append(
                Manque(
                    "Notez d’abord qui est venu, par son profil, avec son accord.", acte="ajouter_participant"
                )
            )
        return manques

    def citables(self) -> "models.QuerySet[ParticipantGroupe]":
        """Return the participants who agreed that their words be kept."""
        return self.participants.filter(accepte_citation=True, retire_le=None)


class ParticipantGroupe(Partie):
    """A participant, described by a profile only: no name, no address. The agreement is recorded with it."""

    groupe = CleEtrangere(GroupeDiscussion, related_name="participants")
    numero = models.PositiveSmallIntegerField("numéro", validators=[MinValueValidator(1)])
    age = models.CharField("âge", max_length=8, choices=Age)
    profil = models.CharField("profil", max_length=120)
    accord = models.CharField("accord pour participer", max_length=8, choices=Accord)
    accord_le = models.DateField("accord donné le")
    accepte_citation = models.BooleanField("accepte que ses mots soient gardés, sans son nom", default=False)
    retire_le = models.DateTimeField("accord retiré le", null=True, blank=True, editable=False)

    suivi = PortePar[GroupeDiscussion]("groupe")

    class Meta:
        verbose_name = "participant à un groupe"
        verbose_name_plural = "participants aux groupes"
        ordering = ["groupe", "numero"]
        constraints = [
            models.UniqueConstraint(
                "groupe",
                "numero",
                name="participant_groupe_numero_unique",
                violation_error_message="Ce numéro est déjà pris dans ce groupe.",
            ),
            models.CheckConstraint(
                condition=~Q(age="mineur") | Q(accord="parent"),
                name="participant_mineur_avec_un_parent",
                violation_error_message="Pour une personne de moins de 18 ans, un parent donne aussi son accord.",
            ),
        ]

    def __str__(self) -> str:
        return f"Personne {self.numero}, {self.get_age_display()}, {self.profil}"

    def refus(self, acte: str, par: Compte | None) -> ErreurMetier | None:
        if acte == "retirer_accord" and self.retire_le is not None:
            return ActeInterdit("Cet accord est déjà retiré.")
        return None


class Parole(Partie):
    """Words of a participant, verbatim, linked to a profile and never to a name."""

    groupe = CleEtrangere(GroupeDiscussion, related_name="paroles")
    participant = CleEtrangere(ParticipantGroupe, related_name="paroles")
    question = models.CharField("question du guide", max_length=300, blank=True)
    texte = models.TextField("ce qui a été dit", max_length=2000)
    notee_le = models.DateTimeField("notée le", default=timezone.now)

    suivi = PortePar[GroupeDiscussion]("groupe")

    class Meta:
        verbose_name = "parole"
        ordering = ["groupe", "pk"]

    def __str__(self) -> str:
        return self.texte[:60]
