"""The procès-verbal: a draft, submitted, approved and frozen; then corrected only by a new version."""

from typing import ClassVar, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from participation.seances.models.instances import Instance
from participation.seances.models.membres import Membre
from participation.seances.models.points import Point
from participation.seances.models.seances import Seance
from participation.seances.workflow import APPARENCES_PV, PAS_MAINTENANT_PV, TRANSITIONS_PV, EtatPV
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.francais import de
from participation.socle.models import CleEtrangere, CleUnique, Compte, Document, Partie, PortePar, Suivi
from participation.socle.models.dossiers import Visiteur
from participation.socle.workflow import Apparence, Role, Table


class ProcesVerbalQuerySet(models.QuerySet["ProcesVerbal"]):
    def publies(self) -> Self:
        return self.filter(etat=EtatPV.APPROUVE, est_publie=True)

    def de_l_instance(self, instance: Instance) -> Self:
        return self.filter(seance__instance=instance)

    def visibles_par(self, visiteur: Visiteur) -> Self:
        """Agents see all; members, those submitted or approved in their instances; others, those published."""
        publies = Q(etat=EtatPV.APPROUVE, est_publie=True)
        if isinstance(visiteur, AnonymousUser):
            return self.filter(publies)
        if visiteur.est_agent:
            return self
        lues = Seance.objects.lues_par(visiteur).values("pk")
        return self.filter(
            publies | (~Q(etat=EtatPV.BROUILLON) & Q(seance__in=lues)), versions__isnull=False
        ).distinct()


class ProcesVerbal(Suivi):
    SUJET = "le procès-verbal"
    TRANSITIONS: ClassVar[Table] = TRANSITIONS_PV
    APPARENCES: ClassVar[dict[str, Apparence]] = APPARENCES_PV

    seance = CleUnique(Seance, related_name="proces_verbal", verbose_name="séance")
    etat = models.CharField("état", max_length=10, choices=EtatPV, default=EtatPV.BROUILLON)
    texte = models.JSONField(
        "texte",
        default=dict,
        blank=True,
        help_text="HTML nettoyé de chaque partie : « ouverture », le numéro d’un point, « fin ». Ce qui vient des données n’y est pas.",
    )
    soumis_le = models.DateTimeField("soumis le", null=True, blank=True)
    approuve_le = models.DateTimeField("approuvé le", null=True, blank=True)
    approuve_a = CleEtrangere(Point, null=True, related_name="+", verbose_name="approuvé au point")
    feuille = CleEtrangere(Document, null=True, related_name="+", verbose_name="feuille de présence")
    est_publie = models.BooleanField("publié", default=False)
    modifie_le = models.DateTimeField("modifié le", auto_now=True)

    objects = ProcesVerbalQuerySet.as_manager()

    class Meta:
        verbose_name = "procès-verbal"
        verbose_name_plural = "procès-verbaux"
        constraints = [
            models.CheckConstraint(
                condition=~Q(etat="approuve") | Q(approuve_le__isnull=False),
                name="pv_approuve_a_sa_date",
                violation_error_message="Un procès-verbal approuvé porte le jour de son approbation.",
            )
        ]

    def __str__(self) -> str:
        return f"Procès-verbal · {self.seance}"

    def get_absolute_url(self) -> str:
        return reverse("seances:proces_verbal", args=[self.seance_id])

    @property
    def dans_l_adresse(self) -> int:
        return self.seance_id

    @property
    def porteur(self) -> Seance:
        return self.seance

    @property
    def domaine(self) -> str:
        return self.seance.domaine

    @property
    def fil(self) -> list[tuple[str, str]]:
        return [
            (str(self.seance), self.seance.get_absolute_url()),
            ("Procès-verbal", self.get_absolute_url()),
        ]

    def est_entre_invites(self) -> bool:
        """Whether nobody had a seat at this meeting: the text is sent to nobody, and no séance approves it."""
        return not self.seance.convies.filter(convoque_le__isnull=False).exists()

    def membre_de(self, compte: Compte) -> Membre | None:
        """Return the membership by which this person reads it: convened to the séance, or a member today."""
        convie = self.seance.convies.filter(membre__compte=compte).select_related("membre").first()
        if convie is not None:
            return convie.membre
        return Membre.objects.filter(compte=compte).de_l_instance(self.seance.instance).en_fonction().first()

    def refus(self, acte: str, par: Compte | None, sur: models.Model | None = None) -> ErreurMetier | None:
        refus = super().refus(acte, par, sur)
        if isinstance(refus, ActeInterdit):
            if acte == "approuver_pv" and self.etat == EtatPV.APPROUVE:
                acte = "soumettre_pv"
            return ActeInterdit(PAS_MAINTENANT_PV.get(acte, refus.message))
        if refus is None and acte == "publier_pv" and self.est_publie:
            return ActeInterdit("C’est déjà fait.")
        if refus is None and acte == "depublier_pv" and not self.est_publie:
            return ActeInterdit("Il n’est déjà plus publié.")
        if refus is None and isinstance(sur, RemarquePV) and sur.traitee_le is not None:
            return ActeInterdit("Cette remarque est déjà traitée.")
        return refus

    def roles_de(self, compte: Compte | None, sur: models.Model | None = None) -> frozenset[str]:
        """Give MEMBRE to people convened to the séance and to members of its instance today."""
        roles = super().roles_de(compte, sur) - {Role.MEMBRE}
        est_membre = compte is not None and self.membre_de(compte) is not None
        return roles | ({Role.MEMBRE} if est_membre else frozenset())

    def manques(self, acte: str, par: Compte | None, sur: models.Model | None = None) -> list[str]:
        if acte == "approuver_pv" and (self.derniere is None or self.derniere.texte != self.texte):
            return [
                "Le texte a changé depuis la version soumise. Soumettez-le de nouveau : on approuve ce qui a été lu."
            ]
        return []

    @property
    def derniere(self) -> "VersionPV | None":
        """The version submitted or approved last; None before the first."""
        return self.versions.first()

    @property
    def versions_publiques(self) -> "models.QuerySet[VersionPV]":
        """The approved version and its corrections, which have a reason.

        Earlier submitted versions are for members only.
        """
        soumises = self.versions.filter(motif="").order_by("-numero").values("numero")
        return self.versions.filter(numero__gte=models.Subquery(soumises[:1]))

    def est_lu_par(self, visiteur: Visiteur) -> bool:
        """Whether this person reads it before it is published."""
        if isinstance(visiteur, AnonymousUser):
            return False
        return visiteur.est_agent or Seance.objects.lues_par(visiteur).filter(pk=self.seance_id).exists()

    def est_reserve_a(self, visiteur: Visiteur) -> bool:
        """Whether this person reads the whole text, closed-door points included."""
        if isinstance(visiteur, AnonymousUser):
            return False
        siennes = Seance.objects.lues_en_entier_par
        return visiteur.est_agent or siennes(visiteur).filter(pk=self.seance_id).exists()


class VersionPV(models.Model):
    """A text that was submitted or approved, with its PDF. After the approval, a new version needs a reason."""

    proces_verbal = CleEtrangere(ProcesVerbal, related_name="versions", verbose_name="procès-verbal")
    numero = models.PositiveSmallIntegerField("numéro")
    texte = models.JSONField("texte", default=dict)
    donnees = models.JSONField("données de la séance", default=dict)
    motif = models.TextField("raison de la correction", blank=True)
    document = CleUnique(Document, null=True, related_name="version_pv")
    document_public = CleUnique(
        Document,
        null=True,
        related_name="version_pv_publique",
        help_text="Sans les points à huis clos ; vide quand il n’y en a pas.",
        verbose_name="document publié",
    )
    par = CleEtrangere(settings.AUTH_USER_MODEL, null=True, blank=False, related_name="+")
    le = models.DateTimeField("le", default=timezone.now)

    class Meta:
        verbose_name = "version de procès-verbal"
        verbose_name_plural = "versions de procès-verbaux"
        ordering = ["proces_verbal", "-numero"]
        constraints = [
            models.UniqueConstraint(
                "proces_verbal",
                "numero",
                name="version_pv_unique",
                violation_error_message="Une autre version de ce procès-verbal vient de prendre ce numéro : recommencez.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.proces_verbal}, version {self.numero}"

    @property
    def a_huis_clos(self) -> bool:
        """Whether it holds what the public may not read: a closed-door point, or the reason of a déport."""
        return any(
            point["est_confidentiel"] or any(deport["motif"] for deport in point["deports"])
            for point in self.donnees.get("points", [])
        )


class RemarquePV(Partie):
    """A change that a member asks for in a submitted text, before its approval."""

    proces_verbal = CleEtrangere(ProcesVerbal, related_name="remarques", verbose_name="procès-verbal")
    membre = CleEtrangere(Membre, related_name="+")
    texte = models.TextField("remarque", max_length=3000)
    le = models.DateTimeField("le", default=timezone.now)
    traitee_le = models.DateTimeField("traitée le", null=True, blank=True)
    reponse = models.CharField("ce qui en a été fait", max_length=300, blank=True)

    suivi = PortePar[ProcesVerbal]("proces_verbal")

    class Meta:
        verbose_name = "remarque sur un procès-verbal"
        verbose_name_plural = "remarques sur les procès-verbaux"
        ordering = ["le", "pk"]

    def __str__(self) -> str:
        return f"Remarque {de(self.membre)}"
