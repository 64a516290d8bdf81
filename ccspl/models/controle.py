"""External management control: contracts, audits and deadlines of the services, followed for the
commission."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from ccspl import workflow
from ccspl.models.commission import DeLaCommission
from ccspl.models.saisines import Avis, ServiceSuivi
from participation.seances.models import Seance
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.models import CleEtrangere, Compte
from participation.socle.workflow import Table


class ControleQuerySet(models.QuerySet["Controle"]):
    def suivis(self) -> Self:
        return self.filter(retire_le=None)

    def en_retard(self) -> Self:
        return self.suivis().filter(fini_le=None, date_echeance__lt=timezone.localdate())


class Controle(DeLaCommission):
    SUJET = "l’élément suivi"
    TRANSITIONS: ClassVar[Table] = workflow.CONTROLE

    class Nature(models.TextChoices):
        CONTRAT = "contrat", "contrat"
        AUDIT = "audit", "audit ou contrôle"
        ECHEANCE = "echeance", "échéance"

    nature = models.CharField("nature", max_length=10, choices=Nature, default=Nature.CONTRAT)
    service = CleEtrangere(ServiceSuivi, related_name="controles")
    intitule = models.CharField("intitulé", max_length=160)
    par_qui = models.CharField(
        "titulaire, ou qui contrôle",
        max_length=160,
        blank=True,
        help_text="Délégataire, cabinet, chambre régionale…",
    )
    date_debut = models.DateField("depuis le", null=True, blank=True)
    date_echeance = models.DateField(
        "échéance", null=True, blank=True, help_text="Fin du contrat, remise de l’audit, date à tenir."
    )
    note = models.TextField("à savoir", blank=True, max_length=2000)
    avis = CleEtrangere(Avis, null=True, related_name="controles", verbose_name="saisine liée")
    seance = CleEtrangere(Seance, null=True, related_name="+", verbose_name="séance liée")
    fini_le = models.DateField("terminé le", null=True, blank=True)
    retire_le = models.DateTimeField("retiré le", null=True, blank=True)

    objects = ControleQuerySet.as_manager()

    class Meta:
        verbose_name = "élément du contrôle de gestion"
        verbose_name_plural = "éléments du contrôle de gestion"
        ordering = ["service__domaine", "service__nom", F("date_echeance").asc(nulls_last=True), "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(date_debut__isnull=True)
                | Q(date_echeance__isnull=True)
                | Q(date_echeance__gte=F("date_debut")),
                name="controle_dates_ordonnees",
                violation_error_message="L’échéance précède le début.",
            )
        ]

    def __str__(self) -> str:
        return self.intitule

    def get_absolute_url(self) -> str:
        return f"{reverse('ccspl:controle')}#c-{self.pk}"

    @property
    def fil_avant(self) -> list[tuple[str, str]]:
        return [("Contrôle de gestion externe", reverse("ccspl:controle"))]

    @property
    def fil(self) -> list[tuple[str, str]]:
        return self.fil_avant

    @property
    def designation(self) -> str:
        return self.intitule or "Le contrôle de gestion externe"

    @property
    def est_en_retard(self) -> bool:
        return (
            self.fini_le is None
            and self.date_echeance is not None
            and self.date_echeance < timezone.localdate()
        )

    def refus(self, acte: str, par: Compte | None, sur: models.Model | None = None) -> ErreurMetier | None:
        refus = super().refus(acte, par, sur)
        if refus is None and self.retire_le is not None:
            return ActeInterdit("Cet élément n’est plus suivi.")
        if refus is None and acte == "finir_controle" and self.fini_le is not None:
            return ActeInterdit("Cet élément est déjà terminé.")
        return refus
