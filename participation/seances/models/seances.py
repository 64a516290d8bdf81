"""Séances: a meeting, visit or training under the règlement of its day; its journal."""

import uuid
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from participation.seances.models.hasard import chemin_piece_seance, tirer_code  # noqa: F401  # named here by the first migration
from participation.seances.models.instances import Instance, Mandature, ReglementInstance
from participation.seances.models.manques import trop_tot_ou_trop_tard
from participation.seances.models.membres import Membre
from participation.seances.regles import date_limite_convocation, dernier_jour, en_mots
from participation.seances.workflow import (
    A_VENIR,
    APPARENCES,
    APPARENCES_RENCONTRES,
    EN_COURS,
    EN_SEANCE,
    FINIES,
    MOTS_RENCONTRES,
    ORDRE_DU_JOUR,
    TRANSITIONS,
    Etat,
    Mode,
)
from participation.socle.erreurs import ActeInterdit, ErreurMetier, RoleInsuffisant
from participation.socle.francais import jour_texte
from participation.socle.models import (
    CleEtrangere,
    CleUnique,
    Compte,
    LigneDeJournal,
    Partie,
    Suivi,
    ineffacable,
)
from participation.socle.models.dossiers import Visiteur
from participation.socle.workflow import Apparence, Role, Table

# Presence can be noted this long before the start: people sign as they arrive.
A_L_HEURE = timedelta(minutes=10)  # sooner, who comes at the hour finds the séance begun
AVANT_L_HEURE = timedelta(hours=12)


class SeanceQuerySet(models.QuerySet["Seance"]):
    def visibles_par(self, visiteur: Visiteur) -> Self:
        """Agents see all; members see those of `lues_par`; others see the public ones once convened."""
        publiques = Q(est_publique=True, instance__est_publique=True) & ~Q(etat=Etat.PROGRAMMEE)
        if isinstance(visiteur, AnonymousUser):
            return self.filter(publiques)
        if visiteur.est_agent:
            return self
        return self.annoncees().filter(publiques | Q(pk__in=Seance.objects.lues_par(visiteur).values("pk")))

    def lues_par(self, compte: Compte) -> Self:
        """Séances whose documents a member reads: those of `ou_siege`, and those attended even after leaving."""
        return self.filter(
            Q(pk__in=Seance.objects.ou_siege(compte).values("pk"))
            | Q(presences__convie__membre__compte=compte)
        ).distinct()

    def lues_en_entier_par(self, compte: Compte) -> Self:
        """As `lues_par`, for closed-door points: not if the person was taken off the list before the end."""
        jusqu_au_bout = Q(presences__convie__retire_le__isnull=True) | Q(
            presences__convie__retire_le__gte=F("levee_le")
        )
        return self.filter(
            Q(pk__in=Seance.objects.ou_siege(compte).values("pk"))
            | Q(presences__convie__membre__compte=compte) & jusqu_au_bout
        ).distinct()

    def ou_siege(self, compte: Compte) -> Self:
        """Séances of the person's instances, unless taken off the list; and those that expect the person."""
        siens = Membre.objects.filter(compte=compte).en_fonction().values("college__mandature__instance")
        # A substitute no longer needed is off the list too, but still sits in the instance.
        retirees = Seance.objects.filter(
            convies__membre__compte=compte, convies__retire_le__isnull=False, convies__remplace__isnull=True
        )
        attendue = Seance.objects.filter(
            Q(convies__membre__au__isnull=True) | Q(convies__membre__au__gte=timezone.localdate()),
            convies__membre__compte=compte,
            convies__retire_le__isnull=True,
        )
        return self.filter(
            Q(instance__in=siens) & ~Q(pk__in=retirees.values("pk")) | Q(pk__in=attendue.values("pk"))
        )

    def entre_autres_que(self, compte: Compte) -> Self:
        """Bureaux and working groups whose chosen participants leave this person out."""
        choisis = Seance.participants.through.objects.filter(seance=OuterRef("pk"))
        return self.filter(Exists(choisis), nature__in=Seance.CHOISIES).exclude(
            Exists(choisis.filter(membre__compte=compte))
        )

    def a_venir(self) -> Self:
        return self.filter(etat__in=[Etat.PROGRAMMEE, Etat.CONVOQUEE, *EN_COURS])

    def passees(self) -> Self:
        """Those that are over: the planned end has passed, or they were closed or put off before it."""
        return self.filter(Q(fin__lt=timezone.now()) | Q(etat__in=FINIES))

    def annoncees(self) -> Self:
        """Leave out visits and trainings not announced yet: only the service prepares them."""
        return self.exclude(Q(etat=Etat.PROGRAMMEE) & ~Q(nature__in=Seance.DELIBERANTES))

    def avec_instance(self) -> Self:
        return self.select_related("instance", "mandature", "reglement")


class Seance(Suivi):
    class Nature(models.TextChoices):
        PLENIERE = "pleniere", "séance plénière"
        GROUPE = "groupe", "groupe de travail"
        BUREAU = "bureau", "bureau"
        REUNION = "reunion", "réunion"
        VISITE = "visite", "visite"
        FORMATION = "formation", "formation"

    class Tenue(models.TextChoices):
        SALLE = "salle", "en salle"
        DISTANCE = "distance", "à distance"
        HYBRIDE = "hybride", "en salle et à distance"

    # Natures held with a quorum and votes; for the others, members register.
    DELIBERANTES: ClassVar[frozenset[str]] = frozenset({"pleniere", "bureau", "groupe", "reunion"})
    # Natures whose participants may be chosen, instead of all members.
    CHOISIES: ClassVar[frozenset[str]] = frozenset({"bureau", "groupe"})
    SUJET = "la séance"
    MOTS_DU_SERVICE: ClassVar[frozenset[str]] = frozenset({"lieu"})
    TRANSITIONS: ClassVar[Table] = {**TRANSITIONS, **EN_SEANCE}
    APPARENCES: ClassVar[dict[str, Apparence]] = APPARENCES

    instance = CleEtrangere(Instance, related_name="seances")
    mandature = CleEtrangere(Mandature, related_name="seances")
    reglement = CleEtrangere(
        ReglementInstance,
        related_name="seances",
        help_text="La version en vigueur quand la séance a été programmée : elle ne change plus.",
        verbose_name="règlement",
    )
    nature = models.CharField("nature", max_length=10, choices=Nature, default=Nature.PLENIERE)
    titre = models.CharField("titre", max_length=160)
    debut = models.DateTimeField("début")
    fin = models.DateTimeField("fin prévue")
    tenue = models.CharField("tenue", max_length=10, choices=Tenue, default=Tenue.SALLE)
    lieu = models.CharField("lieu", max_length=200, blank=True, help_text="Salle et adresse.")
    acces = models.TextField("accès", blank=True, help_text="Transports, entrée accessible, étage.")
    lien_visio = models.URLField("lien de la visioconférence", blank=True, max_length=400)
    est_publique = models.BooleanField("ouverte au public", default=False)
    lien_public = models.URLField(
        "adresse de la retransmission publique",
        blank=True,
        max_length=400,
        help_text="Là où chacun peut regarder la séance.",
    )
    capacite = models.PositiveSmallIntegerField(
        "places", null=True, blank=True, help_text="Pour une visite ou une formation."
    )
    etat = models.CharField("état", max_length=12, choices=Etat, default=Etat.PROGRAMMEE)
    motif = models.TextField("raison", blank=True, help_text="D’une annulation, d’un report.")
    identifiant = models.UUIDField("identifiant d’agenda", default=uuid.uuid4, unique=True, editable=False)
    sequence = models.PositiveIntegerField("numéro de suite de l’agenda", default=0, editable=False)
    rang_convocation = models.PositiveSmallIntegerField("rang de la convocation", default=1, editable=False)
    premiere = CleUnique(
        "self", null=True, related_name="seconde", verbose_name="séance reportée faute de quorum"
    )
    code = models.CharField("code de présence", max_length=6, default=tirer_code, editable=False)
    ouverte_le = models.DateTimeField("ouverte le", null=True, blank=True, editable=False)
    # Also when it stopped for want of a quorum.
    levee_le = models.DateTimeField("levée le", null=True, blank=True, editable=False)
    participants = models.ManyToManyField(
        Membre,
        related_name="+",
        blank=True,
        help_text="D’un bureau ou d’un groupe de travail ; personne : tous les membres.",
    )
    presidee_par = CleEtrangere(Membre, null=True, related_name="+", verbose_name="présidée par")
    secretaire = models.CharField("secrétaire de séance", max_length=160, blank=True)
    point_courant = CleEtrangere(
        "Point", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name="point en cours"
    )
    # Incremented by each change that a screen shows: a poll with the current number gets a 204.
    version = models.PositiveBigIntegerField("version des écrans", default=0, editable=False)
    cree_le = models.DateTimeField("créée le", default=timezone.now, editable=False)

    objects = SeanceQuerySet.as_manager()

    class Meta:
        verbose_name = "séance"
        ordering = ["debut", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(fin__gt=F("debut")),
                name="seance_finit_apres_le_debut",
                violation_error_message="La fin de la séance précède son début.",
            ),
            models.CheckConstraint(
                condition=Q(tenue="distance") | ~Q(lieu=""),
                name="seance_a_un_lieu",
                violation_error_message="Dites où la séance se tient.",
            ),
        ]
        indexes = [models.Index(fields=["instance", "debut"], name="seance_instance_debut")]

    def __str__(self) -> str:
        return self.titre

    def get_absolute_url(self) -> str:
        return reverse("seances:seance", args=[self.pk])

    @property
    def a_une_page_publique(self) -> bool:
        """Same rule as `publiques` of the calendar: open to the public; announced, for a visit or a training."""
        annoncee = self.est_deliberante or self.etat != Etat.PROGRAMMEE
        return self.est_publique and self.instance.est_publique and annoncee

    def get_public_url(self) -> str:
        """Return the URL of the séance's public page, or else of its instance's page."""
        if self.a_une_page_publique:
            return reverse("seances:seance_publique", args=[self.pk])
        return self.instance.get_public_url()

    @property
    def apparence(self) -> Apparence:
        return (self.APPARENCES if self.est_deliberante else APPARENCES_RENCONTRES)[self.etat]

    def get_etat_display(self) -> str:  # type: ignore[no-redef]  # Django writes its own only if the class has none
        """Use other words for visits and trainings: they are announced, then they are over, even if nobody said who came."""
        dit = "" if self.est_deliberante else MOTS_RENCONTRES.get(self.etat, "")
        if dit and self.etat == Etat.CONVOQUEE and self.fin < timezone.now():
            dit = "passée"
        return dit or str(Etat(self.etat).label)

    @property
    def nature_en_phrase(self) -> str:
        return f"{'le' if self.nature in {'groupe', 'bureau'} else 'la'} {self.get_nature_display()}"

    @property
    def est_deliberante(self) -> bool:
        return self.nature in self.DELIBERANTES

    @property
    def vote(self) -> bool:
        """Whether something is put to the vote there: people talk at a réunion, whoever has a seat."""
        return self.nature != self.Nature.REUNION

    @property
    def se_choisit(self) -> bool:
        """Whether participants may be chosen, instead of all members."""
        return self.nature in self.CHOISIES

    @property
    def est_en_cours(self) -> bool:
        return self.etat in EN_COURS

    @property
    def visio_ouverte(self) -> str:
        """The video link, while the séance is to come or under way; else ""."""
        est_a_distance = self.tenue != self.Tenue.SALLE and self.etat in A_VENIR | EN_COURS
        return self.lien_visio if est_a_distance else ""

    @property
    def jour(self) -> datetime:
        """The beginning, in Paris time."""
        return timezone.localtime(self.debut)

    @property
    def date_limite(self) -> date:
        """The last day to convene under the séance's règlement."""
        regle = self.reglement
        delais = (regle.delai_convocation, regle.unite_delai, regle.delai_seconde)
        return dernier_jour(self.jour.date(), self.rang_convocation, *delais)

    @property
    def date_limite_urgence(self) -> date | None:
        """The last day to convene in urgency; None when the règlement has no urgency."""
        if self.reglement.delai_urgence is None or self.rang_convocation > 1:
            return None
        return date_limite_convocation(
            self.jour.date(), self.reglement.delai_urgence, self.reglement.unite_delai
        )

    @property
    def pv(self) -> Any:
        """The procès-verbal of the séance; None before it is begun."""
        return getattr(self, "proces_verbal", None)

    @property
    def domaine(self) -> str:
        return self.instance.app if self.instance_id else "metropole"

    @property
    def fil_avant(self) -> list[tuple[str, str]]:
        return [("Séances", reverse("seances:seances"))]

    @property
    def fil(self) -> list[tuple[str, str]]:
        return [*self.fil_avant, (self.titre, self.get_absolute_url())] if self.pk else self.fil_avant

    def roles_de(self, compte: Compte | None, sur: models.Model | None = None) -> frozenset[str]:
        """Take MEMBRE from the part of the act alone: a person convened or registered."""
        siens = sur.roles_de(compte) if isinstance(sur, Partie) else frozenset[str]()
        return super().roles_de(compte, sur) - {Role.MEMBRE} | siens

    def refus(self, acte: str, par: Compte | None, sur: models.Model | None = None) -> ErreurMetier | None:
        refus = super().refus(acte, par, sur)
        if isinstance(refus, RoleInsuffisant) or not (dit := trop_tot_ou_trop_tard(self, acte)):
            return refus
        return ActeInterdit(dit)

    @property
    def modes(self) -> list[str]:
        """The modes of presence that this séance allows."""
        ecarte = {self.Tenue.SALLE: Mode.DISTANCE, self.Tenue.DISTANCE: Mode.SALLE}.get(
            self.Tenue(self.tenue)
        )
        return [mode.value for mode in Mode if mode != ecarte]

    @property
    def est_trop_tot(self) -> bool:
        return timezone.now() < self.debut - AVANT_L_HEURE

    @property
    def est_avant_l_heure(self) -> bool:
        """Whether the hour of the convocation is still some minutes away."""
        return timezone.now() < self.debut - A_L_HEURE

    def limite(self, *, est_urgente: bool = False) -> date:
        return (self.date_limite_urgence if est_urgente else None) or self.date_limite

    def avertissement(self, *, est_urgente: bool = False) -> str:
        """Return how a convocation sent today breaks the delay of the règlement; "" when it keeps it."""
        limite = self.limite(est_urgente=est_urgente)
        if timezone.localdate() <= limite:
            return ""
        reglement = self.reglement
        if self.rang_convocation > 1:
            demande = en_mots(reglement.delai_seconde, "calendaires")
        elif est_urgente and self.date_limite_urgence is not None:
            demande = en_mots(reglement.delai_urgence or 0, reglement.unite_delai) + " en cas d’urgence"
        else:
            demande = en_mots(reglement.delai_convocation, reglement.unite_delai)
        return f"Le règlement demande {demande} : il fallait convoquer au plus tard le {jour_texte(limite)}."

    def membres_a_convoquer(self) -> list[Membre]:
        """Titulaires of the mandature in office that day; for a bureau or a group, those chosen, if any."""
        choisis = list(self.participants.values_list("pk", flat=True)) if self.pk and self.se_choisit else []
        return list(
            Membre.objects.filter(**({"pk__in": choisis} if choisis else {}))
            .filter(college__mandature=self.mandature_id)
            .titulaires()
            .en_fonction(self.jour.date())
            .select_related("compte", "college")
            .order_by("college__ordre", "compte__nom", "compte__prenom", "pk")
        )

    @property
    def se_tient_entre_invites(self) -> bool:
        """Whether the instance has no seats (a network) and people are invited: there is no vote."""
        return not self.mandature.colleges.exists() and self.invites.filter(retire_le=None).exists()

    def points_a_reprendre(self) -> list[Any]:
        """Return the points that another séance takes up: put off, or left without the vote they awaited."""
        points = (
            self.points.exclude(etat="retire")
            .select_related("pv_de", "seance__mandature")
            .order_by("ordre", "pk")
        )
        return [point for point in points if point.etat != "traite" or point.est_sans_issue]

    def membres_oublies(self) -> list[Membre]:
        """Members to convene who are not on the list, for instance named since the convocation."""
        if self.etat != Etat.CONVOQUEE:
            return []
        deja = set(self.convies.filter(retire_le__isnull=True).values_list("membre", flat=True))
        return [membre for membre in self.membres_a_convoquer() if membre.pk not in deja]

    @property
    def ordre_du_jour_a_change(self) -> bool:
        """Whether the agenda or its documents changed since the last sending."""
        derniere = self.convocations.first()
        return (
            self.etat == Etat.CONVOQUEE
            and derniere is not None
            and self.journal.filter(acte__in=ORDRE_DU_JOUR, le__gt=derniere.demandee_le).exists()
        )

    @property
    def inscriptions_ouvertes(self) -> bool:
        return not self.est_deliberante and self.etat == Etat.CONVOQUEE and self.debut > timezone.now()

    def marquer(self) -> None:
        # The version number that the screens poll.
        type(self)._base_manager.filter(pk=self.pk).update(version=F("version") + 1)
        vars(self).pop("version", None)  # read from the database when next used


class EntreeInstance(LigneDeJournal):
    SUR = ("membre",)

    instance = CleEtrangere(Instance, related_name="journal")
    membre = CleEtrangere(Membre, null=True, related_name="journal")

    class Meta(LigneDeJournal.Meta):
        verbose_name = "entrée du journal d’instance"
        verbose_name_plural = "journal des instances"
        triggers = [ineffacable("instance")]


class EntreeSeance(LigneDeJournal):
    seance = CleEtrangere(Seance, related_name="journal", verbose_name="séance")

    class Meta(LigneDeJournal.Meta):
        verbose_name = "entrée du journal de séance"
        verbose_name_plural = "journal des séances"
        triggers = [ineffacable("seance")]

    @property
    def par_qui(self) -> str:
        est_lien = self.par_id is None and self.acte == "repondre"
        return "par le lien reçu" if est_lien else super().par_qui
