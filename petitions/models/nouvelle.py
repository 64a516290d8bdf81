"""Messages of an author to the signers who want them; an agent reads each one before it is sent."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.models import CleEtrangere, Compte, Partie, PortePar
from petitions.models.petition import Petition

DE = {
    "publier_nouvelle": frozenset({"proposee"}),
    "refuser_nouvelle": frozenset({"proposee"}),
    "reprendre_nouvelle": frozenset({"proposee"}),
    "depublier_nouvelle": frozenset({"publiee"}),
}


class NouvelleQuerySet(models.QuerySet["Nouvelle"]):
    def a_relire(self) -> Self:
        return self.filter(etat=Nouvelle.Etat.PROPOSEE)

    def publiees(self) -> Self:
        return self.filter(etat=Nouvelle.Etat.PUBLIEE)


class Nouvelle(Partie):
    class Etat(models.TextChoices):
        PROPOSEE = "proposee", "à relire par le service"
        PUBLIEE = "publiee", "publié et envoyé"
        REFUSEE = "refusee", "non publié"
        REPRISE = "reprise", "repris par son auteur"
        DEPUBLIEE = "depubliee", "retiré de la page"

    petition = CleEtrangere(Petition, related_name="nouvelles", verbose_name="pétition")
    titre = models.CharField("titre", max_length=120)
    texte = models.TextField("texte")
    etat = models.CharField("état", max_length=10, choices=Etat, default=Etat.PROPOSEE)
    proposee_le = models.DateTimeField("proposé le", default=timezone.now)
    decidee_le = models.DateTimeField("publié ou refusé le", null=True, blank=True)
    decidee_par = CleEtrangere(settings.AUTH_USER_MODEL, null=True, related_name="+", verbose_name="relu par")
    motif = models.TextField("raison dite à l’auteur", blank=True)
    destinataires = models.PositiveIntegerField("signataires à qui il est parti", default=0)

    objects = NouvelleQuerySet.as_manager()
    suivi = PortePar[Petition]("petition")

    class Meta:
        verbose_name = "message de l’auteur aux signataires"
        verbose_name_plural = "messages de l’auteur aux signataires"
        ordering = ["-proposee_le", "-pk"]
        constraints = [
            models.UniqueConstraint(
                "petition",
                condition=Q(etat="proposee"),
                name="nouvelle_une_a_relire",
                violation_error_message="Un message attend déjà d’être relu.",
            ),
            models.CheckConstraint(
                condition=~Q(etat__in=["publiee", "depubliee"]) | Q(decidee_le__isnull=False),
                name="nouvelle_publiee_a_sa_date",
                violation_error_message="Un message publié a sa date.",
            ),
            models.CheckConstraint(
                condition=~Q(etat__in=["refusee", "depubliee"]) | ~Q(motif=""),
                name="nouvelle_refusee_motivee",
                violation_error_message="Dites pourquoi.",
            ),
        ]

    def __str__(self) -> str:
        return self.titre

    @property
    def texte_modere(self) -> str:
        return self.texte

    @property
    def designation(self) -> str:
        return f"« {self.titre} », pour la pétition « {self.petition.titre} »"

    def refus(self, acte: str, par: Compte | None) -> ErreurMetier | None:
        if acte in DE and self.etat not in DE[acte]:
            return ActeInterdit(f"Ce message est déjà « {self.get_etat_display()} ».")
        return None
