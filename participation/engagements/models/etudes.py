"""What the assembly hears of the metropolis from elsewhere: the yearly study of a commission d’évaluation, and the observations
of the chambre régionale des comptes, whose follow-up is presented within a year (CJF L243-9)."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from participation.engagements import workflow
from participation.engagements.models.propositions import voix_des_membres
from participation.engagements.workflow import EtatEtude
from participation.seances.models import Instance
from participation.socle.francais import au_plus_tard, avec_article, jour_texte
from participation.socle.models import CleEtrangere, CleUnique, Dossier, DossierQuerySet, Piece, Voix
from participation.socle.workflow import Apparence, Table


class Etude(Dossier):
    """What an instance, drawn among who took part, says once a year of how people take part; without instance, the observations
    of the chambre régionale des comptes. Each thing asked is a suite."""

    PREFIXE = "ETU"
    TRANSITIONS: ClassVar[Table] = workflow.ETUDES
    APPARENCES: ClassVar[dict[str, Apparence]] = workflow.APPARENCES_ETUDES
    SUJET = "le document"
    ACTES_DANS_LA_PAGE: ClassVar[frozenset[str]] = frozenset({"ajouter_suite"})
    CHAMBRE: ClassVar[str] = "Chambre régionale des comptes"

    etat = models.CharField("état", max_length=10, choices=EtatEtude, default=EtatEtude.DEPOSEE)
    instance = CleEtrangere(Instance, null=True, related_name="+", verbose_name="commission")
    annee = models.PositiveSmallIntegerField("année")
    constats = models.TextField("résumé", max_length=6000)
    piece = CleUnique(Piece, null=True, related_name="etude", verbose_name="document")
    date_limite = models.DateField("à présenter au conseil au plus tard le")
    presentee_le = models.DateField("présentée au conseil le", null=True, blank=True)
    deliberation = models.CharField("numéro de la délibération", max_length=120, blank=True)
    retour = models.TextField("ce que le conseil en a dit", max_length=6000, blank=True)

    objects: ClassVar[Any] = DossierQuerySet.as_manager()

    class Meta:
        verbose_name = "étude ou contrôle"
        verbose_name_plural = "études et contrôles"
        constraints = [
            models.UniqueConstraint(
                fields=["instance", "annee"],
                name="etude_une_par_an",
                violation_error_message="Cette commission a déjà son étude de cette année.",
            ),
            models.CheckConstraint(
                condition=~Q(etat=EtatEtude.PRESENTEE) | Q(presentee_le__isnull=False),
                name="etude_presentee_datee",
                violation_error_message="Dites quel jour le conseil l’a entendue.",
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("engagements:dossier_etude", args=[self.pk])

    def get_public_url(self) -> str:
        return reverse("engagements:etude", args=[self.reference])

    def mots_de_suite(self) -> dict[str, str]:
        return {
            "limite": au_plus_tard(self.date_limite),
            "jour": jour_texte(self.presentee_le) if self.presentee_le else "",
        }

    def voix(self) -> Iterator[Voix]:
        """Yield the members of the commission. The chamber says what it thinks in its own reports."""
        return voix_des_membres(self.instance_id, self.de_qui)

    @property
    def est_de_la_chambre(self) -> bool:
        return self.instance_id is None

    @property
    def de_qui(self) -> str:
        return self.CHAMBRE if self.instance is None else self.instance.nom

    @property
    def qui_demande(self) -> str:
        return (
            "la chambre régionale des comptes" if self.instance is None else avec_article(self.instance.nom)
        )

    @property
    def fil_avant(self) -> list[tuple[str, str]]:
        return [*super().fil_avant, ("Études", reverse("engagements:dossiers_etudes"))]
