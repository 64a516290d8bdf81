"""A réponse argumentée: every proposition of a group answered together, read by the élu in charge, given back at a meeting."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from participation.engagements import workflow
from participation.engagements.models.propositions import Collectif, Proposition
from participation.engagements.workflow import EtatProposition, EtatReponse
from participation.socle.erreurs import Manque
from participation.socle.francais import accorder, jour_texte
from participation.socle.models import CleEtrangere, Compte, Dossier, DossierQuerySet, Partie, PortePar
from participation.socle.models.dossiers import Visiteur
from participation.socle.workflow import Apparence, Role, Table


class ReponseQuerySet(DossierQuerySet):
    def visibles_par(self, visiteur: Visiteur) -> Self:
        """As any dossier, and the élu in charge reads what waits for her."""
        vues = super().visibles_par(visiteur)
        if isinstance(visiteur, Compte) and not visiteur.est_agent:
            return self.filter(Q(pk__in=vues.values("pk")) | Q(elu=visiteur.pk, est_reserve=False))
        return vues


class ReponseArgumentee(Dossier):
    """The answer to all that a group proposed, proposition by proposition; owes a meeting where it is given back."""

    PREFIXE = "RAR"
    TRANSITIONS: ClassVar[Table] = workflow.REPONSES
    APPARENCES: ClassVar[dict[str, Apparence]] = workflow.APPARENCES_REPONSES
    SUJET = "la réponse argumentée"
    MOTS_DU_SERVICE: ClassVar[tuple[str, ...]] = ("introduction", "restitution_lieu")

    etat = models.CharField("état", max_length=12, choices=EtatReponse, default=EtatReponse.A_ECRIRE)
    collectif = CleEtrangere(Collectif, related_name="reponses")
    elu = CleEtrangere(
        settings.AUTH_USER_MODEL, related_name="+", verbose_name="élu en charge, qui la lit avant son départ"
    )
    introduction = models.TextField("en quelques mots", max_length=4000, blank=True)
    lue_le = models.DateTimeField("lue par l’élu le", null=True, blank=True, editable=False)
    restitution_le = models.DateTimeField("restitution le", null=True, blank=True)
    restitution_lieu = models.CharField("lieu de la restitution", max_length=200, blank=True)
    compte_rendu = models.TextField("ce qui s’y est dit", max_length=8000, blank=True)

    objects: ClassVar[Any] = ReponseQuerySet.as_manager()

    class Meta:
        verbose_name = "réponse argumentée"
        verbose_name_plural = "réponses argumentées"
        constraints = [
            models.CheckConstraint(
                condition=~Q(etat__in=[EtatReponse.PUBLIEE, EtatReponse.RENDUE])
                | Q(restitution_le__isnull=False, lue_le__isnull=False) & ~Q(restitution_lieu=""),
                name="reponse_publiee_lue_et_rendue",
                violation_error_message="Une réponse publiée a été lue par l’élu, et dit le jour et le lieu de sa restitution.",
            )
        ]

    def get_absolute_url(self) -> str:
        return reverse("engagements:dossier_reponse", args=[self.pk])

    def get_public_url(self) -> str:
        return reverse("engagements:reponse", args=[self.reference])

    def roles_de(self, compte: Compte | None, sur: models.Model | None = None) -> frozenset[str]:
        """Only the élu in charge reads it as an élu."""
        roles = super().roles_de(compte, sur)
        return roles if compte is not None and compte.pk == self.elu_id else roles - {Role.ELU}

    def mots_de_suite(self) -> dict[str, str]:
        return {"jour": jour_texte(self.restitution_le) if self.restitution_le else "à fixer"}

    @property
    def fil_avant(self) -> list[tuple[str, str]]:
        return [*super().fil_avant, ("Réponses argumentées", reverse("engagements:dossiers_reponses"))]


class LigneDeReponse(Partie):
    """The answer to one proposition: yes, in part or no, because."""

    reponse = CleEtrangere(ReponseArgumentee, on_delete=models.CASCADE, related_name="lignes")
    proposition = CleEtrangere(Proposition, related_name="lignes")
    sens = models.CharField("réponse", max_length=20, choices=EtatProposition, blank=True)
    retour = models.TextField("parce que", max_length=8000, blank=True)
    deliberation = models.CharField("numéro de la délibération", max_length=120, blank=True)
    date_limite = models.DateField("fait au plus tard le", null=True, blank=True)

    suivi = PortePar[ReponseArgumentee]("reponse")

    class Meta:
        verbose_name = "réponse à une proposition"
        verbose_name_plural = "réponses aux propositions"
        ordering = ["proposition__numero", "proposition__reference"]
        constraints = [
            models.UniqueConstraint(
                "reponse",
                "proposition",
                name="ligne_de_reponse_unique",
                violation_error_message="Cette proposition est déjà dans cette réponse.",
            ),
            models.CheckConstraint(
                condition=Q(sens="") | ~Q(retour="") & ~Q(sens=EtatProposition.A_DECIDER),
                name="ligne_de_reponse_dit_pourquoi",
                violation_error_message="Dites oui, en partie ou non, et pourquoi.",
            ),
        ]

    def __str__(self) -> str:
        return self.proposition.titre


def toutes_repondues(reponse: ReponseArgumentee, acte: str, par: Compte | None) -> list[str]:
    if reponse.pk is None:
        return []
    page = f"{reponse.get_absolute_url()}#propositions"
    if not reponse.lignes.exists():
        return [Manque("Elle ne répond à aucune proposition.", page)]
    reste = reponse.lignes.filter(sens="").count()
    if not reste:
        return []
    dit = accorder(reste, "proposition attend encore", "propositions attendent encore")
    return [Manque(f"{dit} sa réponse : oui, en partie ou non, et pourquoi.", page)]


def restitution_fixee(reponse: ReponseArgumentee, acte: str, par: Compte | None) -> list[str]:
    if reponse.restitution_le is not None and reponse.restitution_lieu:
        return []
    corriger = reverse("engagements:preparer_restitution", args=[reponse.pk]) if reponse.pk else ""
    return [Manque("Elle doit une restitution : dites quel jour, et où.", corriger)]
