"""Attribution: the part of a direction, a commune or an outside body in a dossier."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.francais import de, majuscule
from participation.socle.liens import Lien
from participation.socle.models import (
    CleEtrangere,
    Commune,
    Compte,
    Direction,
    Dossier,
    Partie,
    Piece,
    PortePar,
    Scelle,
    Suivi,
)
from participation.socle.regles.adresses import est_fermee
from participation.socle.workflow import Apparence
from remontees.models.referentiel import Organisme
from remontees.workflow import (
    APPARENCES_DES_PARTS,
    PARTS_ATTENDUES,
    PARTS_LISANTES,
    PARTS_VIVANTES,
    EtatAttribution,
    Issue,
)


class Attribution(Scelle, Partie):
    """Part of a service in a remontée or a sujet. The service takes it, refuses it, answers it, closes it."""

    # Link to the page where a service without account does these acts. It names the attribution.
    LIEN: ClassVar[Lien] = Lien("remontees.attribution")
    # États in which each act is allowed; for the others, those of a living part.
    DEPUIS: ClassVar[dict[str, frozenset[str]]] = {
        "prendre_attribution": frozenset({EtatAttribution.ENVOYEE}),
        "lire_en_entier": PARTS_ATTENDUES,
        "refuser_attribution": PARTS_ATTENDUES,
        "repondre_attribution": PARTS_ATTENDUES,
        "relancer_attribution": PARTS_ATTENDUES,
        "clore_attribution": frozenset({EtatAttribution.REPONDUE}),
    }

    dossier = CleEtrangere(Dossier, related_name="attributions")
    direction = CleEtrangere(Direction, null=True, related_name="attributions")
    commune = CleEtrangere(Commune, null=True, related_name="attributions")
    organisme = CleEtrangere(Organisme, null=True, related_name="attributions")
    etat = models.CharField("état", max_length=10, choices=EtatAttribution, default=EtatAttribution.ENVOYEE)
    consigne = models.TextField("ce qui est attendu", blank=True)
    date_limite = models.DateField("réponse attendue le")
    par = CleEtrangere(Compte, null=True, related_name="+", verbose_name="donnée par")
    envoyee_le = models.DateTimeField("envoyée le", default=timezone.now)
    prise_le = models.DateTimeField("prise en main le", null=True, blank=True)
    motif = models.TextField("pourquoi elle est refusée ou retirée", blank=True)
    oriente_vers = models.CharField("à donner plutôt à", max_length=160, blank=True)
    issue = models.CharField("issue", max_length=12, choices=Issue, blank=True)
    reponse = models.TextField("réponse", blank=True)
    date_prevue = models.DateField("prévu le", null=True, blank=True)
    repondue_le = models.DateTimeField("répondue le", null=True, blank=True)
    repondue_par = models.CharField("répondue par", max_length=160, blank=True)
    close_le = models.DateTimeField("terminée le", null=True, blank=True)
    piece = CleEtrangere(Piece, null=True, related_name="parts", verbose_name="fichier joint à la réponse")
    lue_en_entier_le = models.DateTimeField("lue en entier le", null=True, blank=True)

    suivi = PortePar[Suivi]("dossier.enfant")

    class Meta:
        verbose_name = "part d’un service"
        verbose_name_plural = "parts des services"
        ordering = ["envoyee_le", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(direction__isnull=False, commune__isnull=True, organisme__isnull=True)
                | Q(direction__isnull=True, commune__isnull=False, organisme__isnull=True)
                | Q(direction__isnull=True, commune__isnull=True, organisme__isnull=False),
                name="attribution_un_service",
                violation_error_message="Choisissez une direction, une commune ou un organisme, et un seul.",
            ),
            models.CheckConstraint(
                condition=~Q(etat__in=[EtatAttribution.REFUSEE, EtatAttribution.RETIREE]) | ~Q(motif=""),
                name="attribution_refus_motive",
                violation_error_message="Dites pourquoi.",
            ),
            models.CheckConstraint(
                condition=~Q(etat=EtatAttribution.REPONDUE) | (~Q(reponse="") & ~Q(issue="")),
                name="attribution_repondue_a_sa_reponse",
                violation_error_message="Dites ce qui est fait, et écrivez la réponse.",
            ),
            *(
                models.UniqueConstraint(
                    "dossier",
                    service,
                    condition=Q(etat__in=sorted(PARTS_VIVANTES)),
                    name=f"attribution_{service}_une_fois",
                    violation_error_message="Ce service a déjà sa part.",
                )
                for service in ("direction", "commune", "organisme")
            ),
        ]
        indexes = [
            models.Index(
                "direction", condition=Q(etat__in=sorted(PARTS_ATTENDUES)), name="attribution_attendues"
            ),
            # What a service may read.
            models.Index(
                "direction",
                "dossier",
                condition=Q(etat__in=sorted(PARTS_LISANTES)),
                name="attribution_lues_par_direction",
            ),
            models.Index(
                "date_limite",
                "dossier",
                condition=Q(etat__in=sorted(PARTS_ATTENDUES)),
                name="attribution_attendues_par_date",
            ),
            models.Index("dossier", condition=Q(etat=EtatAttribution.REFUSEE), name="attribution_refusees"),
        ]

    def __str__(self) -> str:
        return f"{self.destinataire} : {self.get_etat_display()}"

    @classmethod
    def attendues_du_compte(cls, compte: Compte) -> "models.QuerySet[Attribution]":
        """Return the parts awaited from the directions and communes of the account."""
        siens = Q(pk__in=[])
        for appartenance in compte.appartenances_en_vigueur:
            if appartenance.direction_id:
                siens |= Q(direction=appartenance.direction_id)
            if appartenance.commune_id:
                siens |= Q(commune=appartenance.commune_id)
        return cls.objects.filter(siens, etat__in=sorted(PARTS_ATTENDUES))

    @classmethod
    def attendues_de(cls, dossier: Dossier) -> "models.QuerySet[Attribution]":
        siennes = cls.objects.filter(dossier=dossier.pk, etat__in=sorted(PARTS_ATTENDUES))
        return siennes.select_related("direction", "commune", "organisme", "par", "dossier")

    @property
    def destinataire(self) -> Direction | Commune | Organisme:
        service = self.direction or self.commune or self.organisme
        if service is None:
            raise ValueError("A part is some service's (attribution_un_service).")
        return service

    @property
    def en_phrase(self) -> str:
        """Name of the service in a sentence: « la direction Mobilités », « Vizille », « Actis »."""
        service = self.destinataire
        return service.nom if isinstance(service, Organisme) else service.en_phrase

    @property
    def libelle(self) -> str:
        return majuscule(self.get_etat_display())

    @property
    def apparence(self) -> Apparence:
        return APPARENCES_DES_PARTS[self.etat]

    @property
    def cle_echeance(self) -> str:
        return f"attribution-{self.pk}"

    @property
    def est_attendue(self) -> bool:
        return self.etat in PARTS_ATTENDUES

    @property
    def est_en_retard(self) -> bool:
        return self.est_attendue and self.date_limite < timezone.localdate()

    @property
    def lit_le_dossier(self) -> bool:
        """Whether the service may read the dossier, by its link or its accounts.

        Not after the part was withdrawn or refused; never a reserved dossier.
        """
        return not self.dossier.enfant.est_reserve and self.etat in PARTS_LISANTES

    def a_lire(self) -> list[tuple[str, str]]:
        """Return what the service reads of the dossier: masked, until it has said why it must read all."""
        if not self.lit_le_dossier:
            return []
        dossier: Any = self.dossier.enfant
        lu: list[tuple[str, str]] = (
            dossier.a_lire() if self.lue_en_entier_le is None else dossier.a_lire_en_entier()
        )
        return lu

    @property
    def est_masquee(self) -> bool:
        """Whether something that the service might read is masked to it."""
        dossier: Any = self.dossier.enfant
        return self.lue_en_entier_le is None and dossier.a_lire() != dossier.a_lire_en_entier()

    def pieces_a_lire(self) -> "models.QuerySet[Piece]":
        """Return the pièces that the service may read.

        Once it has answered, only those joined before its answer.
        """
        pieces: models.QuerySet[Piece] = self.dossier.enfant.pieces_a_lire()
        if not self.lit_le_dossier:
            return pieces.none()
        lues = pieces if self.est_attendue else pieces.filter(jointe_le__lte=self.repondue_le)
        return lues.exclude(pk=self.piece_id) if self.piece_id else lues

    def adresses(self) -> list[str]:
        return self.destinataire.adresses()

    @property
    def est_urgente(self) -> bool:
        """Whether the remontée is urgent, or, for a sujet, one of those it gathers."""
        traite: Any = self.dossier.enfant
        return bool(traite.est_urgente)

    @property
    def est_joignable(self) -> bool:
        return any(not est_fermee(adresse) for adresse in self.adresses())

    def roles_de(self, compte: Compte | None) -> frozenset[str]:
        if compte is None:
            return frozenset()
        siens: Iterable[str] = (
            a.role
            for a in compte.appartenances_en_vigueur
            if (a.direction_id and a.direction_id == self.direction_id)
            or (a.commune_id and a.commune_id == self.commune_id)
        )
        return frozenset(siens)

    def refus(self, acte: str, par: Compte | None) -> ErreurMetier | None:
        if self.etat not in self.DEPUIS.get(acte, PARTS_VIVANTES):
            return ActeInterdit(f"La part {de(self.en_phrase)} est « {self.get_etat_display()} ».")
        return None

    def masquee(self, acte: str, par: Compte | None) -> list[str]:
        return [] if self.est_masquee else ["Rien n’est masqué : vous lisez tout."]

    def avant_de_relancer(self, acte: str, par: Compte | None) -> list[str]:
        return [] if self.adresses() else [self.destinataire.sans_adresse()]
