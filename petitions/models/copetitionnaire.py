"""Co-pétitionnaires, invited or confirmed, the paper sheets they sign, and the texts they confirmed."""

from collections.abc import Iterable
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.liens import Lien
from participation.socle.models import (
    AProuver,
    CleEtrangere,
    Commune,
    Compte,
    Partie,
    PortePar,
    Scelle,
    UneLigne,
)
from participation.socle.regles.adresses import canoniser
from participation.socle.regles.versions import empreinte
from petitions.models.petition import Petition
from petitions.workflow import Etat

# Fields of the text that a co-pétitionnaire confirms, by signed link or on paper.
TEXTES = ("titre", "demande", "raisons")


class CoPetitionnaireQuerySet(models.QuerySet["CoPetitionnaire"]):
    def confirmes(self) -> Self:
        return self.filter(confirme_le__isnull=False, retire_le__isnull=True)


class Qualite(models.TextChoices):
    RESIDENT = "resident", "j’habite l’une des communes"
    CONTRIBUABLE = "contribuable", "je n’y habite pas, mais j’y paie des impôts locaux"


class VersionTexte(models.Model):
    """A former text of the pétition that somebody had confirmed."""

    petition = CleEtrangere(Petition, on_delete=models.CASCADE, related_name="versions_texte")
    titre = models.CharField("titre", max_length=160)
    demande = models.TextField("ce que nous demandons", blank=True)
    raisons = models.TextField("pourquoi", blank=True)
    remplacee_le = models.DateTimeField("remplacée le", default=timezone.now)

    class Meta:
        verbose_name = "version du texte"
        verbose_name_plural = "versions du texte"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.titre


class FeuilleCopetitionnaires(models.Model):
    """A sheet printed by the author.

    People sign the text of that day; its code opens the entry form to agents.
    """

    petition = CleEtrangere(Petition, on_delete=models.CASCADE, related_name="feuilles_copetitionnaires")
    numero = models.PositiveSmallIntegerField("numéro")
    cle = models.CharField("code", max_length=12, unique=True)
    texte = models.CharField("empreinte du texte imprimé", max_length=32)
    preparee_le = models.DateTimeField("préparée le", default=timezone.now)

    class Meta:
        verbose_name = "feuille de co-pétitionnaires"
        verbose_name_plural = "feuilles de co-pétitionnaires"
        ordering = ["numero"]
        constraints = [
            models.UniqueConstraint(
                "petition",
                "numero",
                name="feuille_copetitionnaires_unique",
                violation_error_message="Cette feuille existe déjà.",
            )
        ]

    def __str__(self) -> str:
        return f"feuille n° {self.numero}"

    @property
    def est_perimee(self) -> bool:
        """Whether the text of the pétition has changed since the sheet was printed."""
        return self.texte != empreinte(self.petition, TEXTES)


class CoPetitionnaire(Scelle, AProuver, Partie):
    """Somebody who files the pétition with its author. Counted once confirmed, by signed link or on paper."""

    DEMANDEE: ClassVar[str] = "invite_le"
    LIEN: ClassVar[Lien] = Lien("petitions.copetitionnaire")

    petition = CleEtrangere(
        Petition, on_delete=models.CASCADE, related_name="copetitionnaires", verbose_name="pétition"
    )
    prenom = models.CharField("prénom", max_length=80, blank=True)
    nom = models.CharField("nom", max_length=80, blank=True)
    courriel = models.EmailField("courriel")
    courriel_canonique = models.CharField("courriel canonique", max_length=254, editable=False)
    commune = CleEtrangere(Commune, null=True, related_name="+")
    qualite = models.CharField("qualité", max_length=12, choices=Qualite, blank=True)
    atteste_age = models.BooleanField("atteste avoir l’âge requis", default=False)
    invite_le = models.DateTimeField("invité le", default=timezone.now)
    relance_le = models.DateTimeField("relancé le", null=True, blank=True)
    confirme_le = models.DateTimeField("confirmé le", null=True, blank=True)
    retire_le = models.DateTimeField("retiré le", null=True, blank=True)
    texte_confirme = CleEtrangere(
        VersionTexte,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="texte confirmé",
        help_text="Quand ce n’est plus celui de la pétition.",
    )
    prevenu_de = models.CharField("empreinte du dernier texte annoncé", max_length=32, blank=True)
    prevenu_le = models.DateTimeField("prévenu d’un changement le", null=True, blank=True)

    feuille = CleEtrangere(
        FeuilleCopetitionnaires, null=True, related_name="copetitionnaires", verbose_name="feuille papier"
    )
    saisi_par = CleEtrangere(settings.AUTH_USER_MODEL, null=True, related_name="+", verbose_name="saisi par")

    objects = CoPetitionnaireQuerySet.as_manager()

    suivi = PortePar[Petition]("petition")

    class Meta:
        verbose_name = "co-pétitionnaire"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                "petition",
                "courriel_canonique",
                name="copetitionnaire_unique",
                violation_error_message="Cette adresse est déjà celle d’un co-pétitionnaire.",
            ),
            models.CheckConstraint(
                condition=Q(confirme_le__isnull=True)
                | (Q(commune__isnull=False, atteste_age=True) & ~Q(qualite="") & ~Q(prenom="") & ~Q(nom="")),
                name="copetitionnaire_confirme_complet",
                violation_error_message="Un co-pétitionnaire confirmé dit son nom, sa commune, sa qualité et son âge.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.prenom} {self.nom}"

    @property
    def connait_le_titre(self) -> bool:
        """Whether the title is the one confirmed: a letter may then hold it, though no agent has read it."""
        return self.texte_confirme is None or self.texte_confirme.titre == self.petition.titre

    @property
    def est_confirme(self) -> bool:
        return self.confirme_le is not None and self.retire_le is None

    @property
    def est_prouvee(self) -> bool:
        return self.est_confirme

    def trop_tard(self) -> str:
        if self.petition.etat == Etat.BROUILLON:
            return ""
        if self.petition.etat == Etat.RETIREE:
            return "Son auteur y a renoncé."
        return "Elle est déjà déposée. Si elle est recevable, vous pourrez la signer à l’ouverture de la collecte."

    @classmethod
    def sans_preuve(cls) -> Iterable[models.QuerySet[Any]]:
        """Return none: an invitation waits for its answer, and is erased with its draft or its pétition."""
        return []

    def refus(self, acte: str, par: Compte | None) -> ErreurMetier | None:
        if acte == "effacer_copetitionnaire" and self.feuille_id is None:
            return ActeInterdit("Cette personne a confirmé elle-même : elle seule retire son nom.")
        if acte == "retirer_invitation" and (self.confirme_le is not None or self.retire_le is not None):
            return ActeInterdit("Cette personne a déjà répondu : son nom reste dans la liste.")
        return None

    def pas_l_auteur(self, acte: str, par: Compte | None) -> list[str]:
        auteur = self.petition.auteur
        if auteur is not None and self.courriel_canonique == canoniser(auteur.courriel):
            return ["Vous êtes l’auteur de cette pétition : pour y renoncer, retirez-la depuis votre espace."]
        return []


class ReglageInvitations(UneLigne):
    calme_minutes = models.PositiveSmallIntegerField(
        "minutes sans changement avant de prévenir",
        default=30,
        help_text="Quand l’auteur change un texte que des personnes ont confirmé.",
    )

    class Meta:
        verbose_name = "réglage des invitations"
        verbose_name_plural = "réglages des invitations"
        constraints = [
            models.CheckConstraint(
                condition=Q(pk=1),
                name="reglage_invitations_une_ligne",
                violation_error_message="Les réglages tiennent en une ligne.",
            )
        ]

    def __str__(self) -> str:
        return "réglage des invitations"
