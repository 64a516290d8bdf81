"""Subscriptions to a dossier by mail."""

import uuid
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext

from participation.socle.calendrier import il_y_a_plus_de
from participation.socle.models import CleEtrangere, Courriel, Demandeur, Dossier
from participation.suites.models.suites import ReglementSuites


class AbonnementQuerySet(models.QuerySet["Abonnement"]):
    def actifs(self) -> Self:
        return self.filter(confirme_le__isnull=False, arrete_le__isnull=True)

    def a_effacer(self, jours: int) -> Self:
        """Keep the subscriptions never confirmed, or stopped, for more than `jours` days."""
        avant = il_y_a_plus_de(jours)
        return self.filter(Q(confirme_le__isnull=True, demande_le__lt=avant) | Q(arrete_le__lt=avant))


class Abonnement(Demandeur):
    """An address that follows a dossier: confirmed by a link, stopped in one click."""

    LOT: ClassVar[int] = 100

    dossier = CleEtrangere(Dossier, on_delete=models.CASCADE, related_name="abonnements")
    cle = models.UUIDField("clé", default=uuid.uuid4, unique=True, editable=False)
    arrete_le = models.DateTimeField("arrêté le", null=True, blank=True)
    langue = models.CharField("langue", max_length=2, default="fr", db_default="fr")

    objects = AbonnementQuerySet.as_manager()

    class Meta:
        verbose_name = "abonnement"
        ordering = ["demande_le"]
        constraints = [
            models.UniqueConstraint(
                "dossier",
                Lower("courriel"),
                name="abonnement_unique",
                violation_error_message="Cette adresse suit déjà ce dossier.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.courriel} suit {self.dossier}"

    @property
    def est_actif(self) -> bool:
        return self.confirme_le is not None and self.arrete_le is None

    @property
    def est_prouvee(self) -> bool:
        return self.est_actif

    def trop_tard(self) -> str:
        if self.arrete_le is None:
            return ""
        return gettext(
            "Vous avez arrêté de suivre ce dossier. Demandez un nouveau lien depuis la page du dossier."
        )

    @classmethod
    def sans_preuve(cls) -> Iterable[models.QuerySet[Any]]:
        """Return also those stopped: what is no longer used is kept no longer."""
        reglement = ReglementSuites.objects.en_vigueur()
        return [] if reglement is None else [cls.objects.a_effacer(reglement.conservation_demandes_jours)]

    @classmethod
    def effacer_lettres(cls, numeros: Sequence[int]) -> None:
        """Delete the letters to the address about the dossier: they hold the links to confirm and to stop."""
        for courriel, dossier in cls.objects.filter(pk__in=numeros).values_list("courriel", "dossier"):
            Courriel.objects.filter(
                Q(entetes__has_key="List-Unsubscribe") | Q(acte="suites/suivre"),
                destinataires=[courriel],
                dossier=dossier,
            ).delete()
