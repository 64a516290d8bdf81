"""A proposal to gather a pétition with a close one: both authors answer, and no signature moves by itself."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.liens import Lien
from participation.socle.models import CleEtrangere, Compte, Partie, PortePar, Scelle
from petitions.models.petition import Petition
from petitions.workflow import ACCUEILLANTES, RAPPROCHABLES, Etat


class RapprochementQuerySet(models.QuerySet["Rapprochement"]):
    def proposes(self) -> Self:
        return self.filter(etat=Rapprochement.Etat.PROPOSE)

    def de(self, petition: Petition) -> Self:
        """Keep those in which `petition` would join another, or be joined."""
        return self.filter(Q(petition=petition.pk) | Q(vers=petition.pk))


class Rapprochement(Scelle, Partie):
    """`petition` would stop and join `vers`, which goes on with its own text.

    The link of each author is signed for their own pétition (`precision`).
    """

    LIEN: ClassVar[Lien] = Lien("petitions.rapprochement")

    class Etat(models.TextChoices):
        PROPOSE = "propose", "proposé"
        FAIT = "fait", "accepté par les deux auteurs"
        REFUSE = "refuse", "refusé par un auteur"
        ANNULE = "annule", "annulé par le service"

    petition = CleEtrangere(
        Petition, related_name="rapprochements", verbose_name="pétition qui rejoindrait l’autre"
    )
    vers = CleEtrangere(Petition, related_name="accueils", verbose_name="pétition qui continue")
    texte = models.TextField("pourquoi les réunir")
    date_limite = models.DateField("réponses attendues le")
    etat = models.CharField("état", max_length=8, choices=Etat, default=Etat.PROPOSE)
    propose_le = models.DateTimeField("proposé le", default=timezone.now)
    propose_par = CleEtrangere(settings.AUTH_USER_MODEL, related_name="+", verbose_name="proposé par")
    accord_petition_le = models.DateTimeField("accord de la pétition qui s’arrête", null=True, blank=True)
    accord_vers_le = models.DateTimeField("accord de la pétition qui continue", null=True, blank=True)
    fini_le = models.DateTimeField("fini le", null=True, blank=True)
    signataires_prevenus_le = models.DateTimeField("signataires prévenus le", null=True, blank=True)

    objects = RapprochementQuerySet.as_manager()
    suivi = PortePar[Petition]("petition")

    class Meta:
        verbose_name = "rapprochement"
        ordering = ["-propose_le", "-pk"]
        constraints = [
            models.UniqueConstraint(
                "petition",
                condition=Q(etat="propose"),
                name="rapprochement_un_a_la_fois",
                violation_error_message="Un rapprochement est déjà proposé pour cette pétition.",
            ),
            models.CheckConstraint(
                condition=~Q(petition=F("vers")),
                name="rapprochement_avec_une_autre",
                violation_error_message="Une pétition ne se réunit pas à elle-même.",
            ),
            models.CheckConstraint(
                condition=~Q(etat="fait")
                | Q(accord_petition_le__isnull=False, accord_vers_le__isnull=False, fini_le__isnull=False),
                name="rapprochement_fait_avec_deux_accords",
                violation_error_message="Deux pétitions ne se réunissent pas sans l’accord des deux auteurs.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.petition} et {self.vers}"

    @property
    def designation(self) -> str:
        return f"« {self.petition.titre} », qui rejoindrait « {self.vers.titre} »"

    def jeton(self, petition: Petition | None = None) -> str:
        """Token for the author of this one of the two; of the one that would stop, by default."""
        return self.LIEN.jeton(self, petition.pk if petition is not None else self.petition_id)

    def lien_de(self, petition: Petition) -> str:
        return reverse("petitions:repondre_rapprochement", args=[self.jeton(petition)])

    def autre_que(self, petition: Petition) -> Petition:
        return self.vers if petition.pk == self.petition_id else self.petition

    def accord_de(self, petition: Petition) -> Any:
        return self.accord_petition_le if petition.pk == self.petition_id else self.accord_vers_le

    @property
    def se_tient(self) -> bool:
        """Whether both pétitions are still where they could be gathered."""
        return (
            self.petition.etat in RAPPROCHABLES
            and self.vers.etat in ACCUEILLANTES
            and (self.petition.etat != Etat.EN_COLLECTE or self.vers.etat == Etat.EN_COLLECTE)
        )

    def refus(self, acte: str, par: Compte | None) -> ErreurMetier | None:
        if self.etat != self.Etat.PROPOSE:
            return ActeInterdit(f"Cette proposition est close : rapprochement {self.get_etat_display()}.")
        if acte == "accepter_rapprochement" and not self.se_tient:
            return ActeInterdit(
                "L’une des deux pétitions n’en est plus là : elles ne peuvent plus être réunies."
            )
        return None
