"""The yearly temps fort of a group: its checklist, what was said there and the answers."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from participation.engagements import workflow
from participation.engagements.models.propositions import Collectif, Proposition
from participation.engagements.workflow import EtatTempsFort
from participation.rencontres.models import Rencontre
from participation.rencontres.workflow import A_VENIR, EtatRencontre
from participation.socle.erreurs import ActeInterdit, ErreurMetier, Manque
from participation.socle.francais import accorder, instant_texte
from participation.socle.models import (
    CleEtrangere,
    CleUnique,
    Compte,
    Dossier,
    DossierQuerySet,
    Partie,
    PortePar,
)
from participation.socle.workflow import Apparence, Table


class TacheType(models.Model):
    """What has to be done before every temps fort, so many days before."""

    libelle = models.CharField("à faire", max_length=120, help_text="À l’infinitif.")
    jours_avant = models.PositiveSmallIntegerField("jours avant")
    est_active = models.BooleanField("proposée", default=True)

    class Meta:
        verbose_name = "tâche d’un temps fort"
        verbose_name_plural = "tâches des temps forts"
        ordering = ["-jours_avant", "pk"]

    def __str__(self) -> str:
        return self.libelle


class TempsFort(Dossier):
    """Once a year a group hears what became of its propositions, and says what it thinks of it."""

    PREFIXE = "TPF"
    TRANSITIONS: ClassVar[Table] = workflow.TEMPS_FORTS
    APPARENCES: ClassVar[dict[str, Apparence]] = workflow.APPARENCES_TEMPS_FORTS
    SUJET = "le temps fort"
    MOTS_DU_SERVICE: ClassVar[frozenset[str]] = frozenset({"raison"})
    ACTES_REPLIES: ClassVar[frozenset[str]] = frozenset({"annuler_temps_fort"})
    ACTES_DANS_LA_PAGE: ClassVar[frozenset[str]] = frozenset(
        {"ajouter_tache", "noter_remarque", "faire_fiches", "faire_diaporama", "imprimer_invitation"}
    )

    etat = models.CharField("état", max_length=12, choices=EtatTempsFort, default=EtatTempsFort.A_PREPARER)
    collectif = CleEtrangere(Collectif, related_name="temps_forts")
    reunion = CleUnique(Rencontre, related_name="temps_fort", verbose_name="rencontre")
    # Why it was called off, or last moved: told to who was invited, and on its page.
    raison = models.TextField("raison du changement", max_length=1000, blank=True, db_default="", default="")
    invite_le = models.DateTimeField("invitations du", null=True, blank=True, editable=False)

    objects: ClassVar[Any] = DossierQuerySet.as_manager()

    class Meta:
        verbose_name = "temps fort"
        verbose_name_plural = "temps forts"

    def get_absolute_url(self) -> str:
        return reverse("engagements:dossier_temps_fort", args=[self.pk])

    def get_public_url(self) -> str:
        return reverse("engagements:temps_fort", args=[self.reference])

    def mots_de_suite(self) -> dict[str, str]:
        return {"quand": instant_texte(self.reunion.debut) if self.reunion_id else ""}

    def a_faire(self, role: str, compte: Compte | None) -> str:
        phrase = super().a_faire(role, compte)
        if phrase and self.etat == EtatTempsFort.A_PREPARER and self.invite_le is not None:
            return "suivez les tâches ; le jour venu, [dites qu’il a eu lieu](tenir_temps_fort)."
        return phrase

    @property
    def fil_avant(self) -> list[tuple[str, str]]:
        return [*super().fil_avant, ("Temps forts", reverse("engagements:dossiers_temps_forts"))]


class Tache(Partie):
    """A dated task of the checklist: its échéance reminds of it."""

    temps_fort = CleEtrangere(TempsFort, on_delete=models.CASCADE, related_name="taches")
    libelle = models.CharField("à faire", max_length=120)
    date_limite = models.DateField("au plus tard le")
    faite_le = models.DateTimeField("faite le", null=True, blank=True)

    suivi = PortePar[TempsFort]("temps_fort")

    class Meta:
        verbose_name = "tâche"
        ordering = ["date_limite", "pk"]

    def __str__(self) -> str:
        return self.libelle

    def refus(self, acte: str, par: Compte | None) -> ErreurMetier | None:
        if acte == "faire_tache" and self.faite_le is not None:  # two agents may say it at once
            return ActeInterdit("Cette tâche est déjà faite.")
        return None

    @property
    def cle(self) -> str:
        return f"tache-{self.pk}"


class Remarque(Partie):
    """What was said at the temps fort, on one proposition or on all; owed an answer. It names nobody."""

    temps_fort = CleEtrangere(TempsFort, on_delete=models.CASCADE, related_name="remarques")
    proposition = CleEtrangere(Proposition, null=True, related_name="remarques")
    texte = models.TextField("ce qui s’est dit", max_length=4000)
    reponse = models.TextField("réponse", max_length=6000, blank=True)
    repondue_le = models.DateTimeField("répondue le", null=True, blank=True)

    suivi = PortePar[TempsFort]("temps_fort")

    class Meta:
        verbose_name = "remarque"
        ordering = ["temps_fort", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reponse="", repondue_le=None) | ~Q(reponse="") & Q(repondue_le__isnull=False),
                name="remarque_repondue_datee",
                violation_error_message="Une réponse porte son jour.",
            )
        ]

    def __str__(self) -> str:
        return self.texte[:60]


def avant_d_inviter(temps_fort: TempsFort, acte: str, par: Compte | None) -> list[str]:
    if temps_fort.pk is None:
        return []
    if temps_fort.invite_le is not None:  # another day or place is told by the rencontre
        return [f"Les invitations sont parties le {instant_texte(temps_fort.invite_le)}."]
    rencontre = temps_fort.reunion
    if rencontre.etat == EtatRencontre.PREPAREE:
        ouvrir = reverse("rencontres:ouvrir_inscriptions", args=[rencontre.pk])
        return [Manque("La rencontre n’est pas encore ouverte aux inscriptions.", ouvrir)]
    if rencontre.etat != EtatRencontre.OUVERTE or rencontre.fin < timezone.now():
        return [Manque("La rencontre est passée ou annulée.", rencontre.get_absolute_url())]
    return []


def avant_de_deplacer(temps_fort: TempsFort, acte: str, par: Compte | None) -> list[str]:
    if temps_fort.pk is None or temps_fort.reunion.etat in A_VENIR:
        return []
    return [Manque("Sa rencontre a eu lieu, ou elle est annulée.", temps_fort.reunion.get_absolute_url())]


def avant_de_tenir(temps_fort: TempsFort, acte: str, par: Compte | None) -> list[str]:
    if temps_fort.pk is None or temps_fort.reunion.debut <= timezone.now():
        return []
    return [f"Il commence le {instant_texte(temps_fort.reunion.debut)}."]


def sans_reponse(temps_fort: TempsFort, acte: str, par: Compte | None) -> list[str]:
    if temps_fort.pk is None:
        return []
    reste = temps_fort.remarques.filter(repondue_le=None).count()
    if not reste:
        return []
    dit = accorder(reste, "remarque attend", "remarques attendent")
    return [Manque(f"{dit} encore une réponse.", f"{temps_fort.get_absolute_url()}#registre")]
