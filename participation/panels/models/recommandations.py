"""What a panel recommends, which nobody changes once its members voted; the tables where they sat together."""

from typing import Any

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone

from participation.panels.models.panels import Panel
from participation.seances.models import Seance
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.models import CleEtrangere, CleUnique, Compte, Direction, Partie, PortePar
from participation.suites.models import Suite

VOTEE = "Le panel a voté ce texte : plus personne ne le change."


class Recommandation(Partie):
    panel = CleEtrangere(Panel, on_delete=models.CASCADE, related_name="recommandations")
    ordre = models.PositiveSmallIntegerField("numéro")
    titre = models.CharField("recommandation", max_length=200)
    texte = models.TextField("texte", max_length=6000, blank=True)
    direction = CleEtrangere(Direction, null=True, related_name="+", verbose_name="direction qui répond")
    votee_le = models.DateTimeField("votée le", null=True, blank=True)
    est_adoptee = models.BooleanField("adoptée", null=True, blank=True)
    suite = CleUnique(Suite, null=True, related_name="recommandation", verbose_name="suite")

    suivi = PortePar[Panel]("panel")

    class Meta:
        verbose_name = "recommandation"
        ordering = ["panel", "ordre", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["panel", "ordre"],
                name="recommandation_numero_unique",
                violation_error_message="Ce numéro est déjà donné.",
            ),
            models.CheckConstraint(
                condition=Q(votee_le__isnull=True) | Q(est_adoptee__isnull=False),
                name="recommandation_votee_a_son_issue",
                violation_error_message="Dites si le panel l’a adoptée.",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="recommandation_votee_intacte",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__votee_le__isnull=False)
                & (
                    pgtrigger.Q(old__titre__df=pgtrigger.F("new__titre"))
                    | pgtrigger.Q(old__texte__df=pgtrigger.F("new__texte"))
                    | pgtrigger.Q(old__est_adoptee__df=pgtrigger.F("new__est_adoptee"))
                    | pgtrigger.Q(old__votee_le__df=pgtrigger.F("new__votee_le"))
                ),
            ),
            pgtrigger.Protect(
                name="recommandation_votee_gardee",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__votee_le__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ordre}. {self.titre}"

    def refus(self, acte: str, par: Compte | None) -> ErreurMetier | None:
        if acte in {"corriger_recommandation", "retirer_recommandation"} and self.votee_le is not None:
            return ActeInterdit(VOTEE)
        if acte == "confier_recommandation" and self.suite_id is not None:
            return ActeInterdit("Sa suite est déjà transmise.")
        if acte == "confier_recommandation" and self.est_adoptee is False:
            return ActeInterdit("Le panel ne l’a pas adoptée : personne n’y répond.")
        return super().refus(acte, par)


class PlanDeTables(models.Model):
    """Who sits with whom at a séance: keys of members, table by table."""

    panel = CleEtrangere(Panel, on_delete=models.CASCADE, related_name="plans")
    seance = CleUnique(Seance, on_delete=models.CASCADE, related_name="plan_de_tables", verbose_name="séance")
    tables: Any = models.JSONField("tables", default=list)
    fait_le = models.DateTimeField("fait le", default=timezone.now)
    rompues: int = 0  # pairs that could not be kept together or apart, when it was made

    class Meta:
        verbose_name = "plan de tables"
        verbose_name_plural = "plans de tables"
        ordering = ["panel", "seance__debut", "pk"]

    def __str__(self) -> str:
        return f"tables de {self.seance}"
