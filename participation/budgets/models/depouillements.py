"""Counts of a vote, and decisions that depart from the result."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from participation.budgets.depouillement import Regle, Resultat
from participation.budgets.models.scrutins import ProjetAuVote, Scrutin
from participation.socle.models import CleEtrangere, Partie, PortePar


class Depouillement(models.Model):
    """A count of all the ballots by both rules, made by a worker."""

    class Etat(models.TextChoices):
        EN_COURS = "en_cours", "en cours"
        FAIT = "fait", "fait"
        ECHEC = "echec", "en échec"

    scrutin = CleEtrangere(Scrutin, related_name="depouillements")
    etat = models.CharField("état", max_length=10, choices=Etat, default=Etat.EN_COURS)
    etape = models.CharField("étape", max_length=120, blank=True)
    # For the progress bar: euros spent by the raised shares, out of the budget.
    fait = models.PositiveIntegerField("fait", default=0)
    total = models.PositiveIntegerField("total", default=0)
    demande_le = models.DateTimeField("demandé le", default=timezone.now)
    fini_le = models.DateTimeField("fini le", null=True, blank=True)
    tentatives = models.PositiveSmallIntegerField("tentatives", default=0)
    en_ligne = models.PositiveIntegerField("bulletins en ligne", default=0)
    sur_papier = models.PositiveIntegerField("bulletins papier", default=0)
    blancs = models.PositiveIntegerField("blancs", default=0)
    nuls = models.PositiveIntegerField("nuls", default=0)
    exprimes = models.PositiveIntegerField("exprimés", default=0)
    # {project number: [ballots, points]}
    voix = models.JSONField("voix", default=dict)
    # {rule: Resultat.en_json()}, for both rules
    resultats = models.JSONField("résultats", default=dict)
    # The anonymous ballots, as published (`.pb` file).
    pb = models.TextField("bulletins publiés", blank=True)
    empreinte = models.CharField("SHA-256 des bulletins", max_length=64, blank=True)
    # Type of the error, for the agents.
    erreur = models.CharField("incident", max_length=300, blank=True)

    class Meta:
        verbose_name = "dépouillement"
        ordering = ["scrutin", "-pk"]
        constraints = [
            models.UniqueConstraint(
                "scrutin",
                condition=models.Q(etat="en_cours"),
                name="depouillement_un_a_la_fois",
                violation_error_message="Un dépouillement est déjà en cours.",
            )
        ]

    def __str__(self) -> str:
        return f"dépouillement {self.pk}"

    def resultat(self, regle: Regle | str) -> Resultat:
        return Resultat.lire(self.resultats[str(regle)])

    @property
    def urne(self) -> int:
        """Number of ballots, online and on paper."""
        return self.en_ligne + self.sur_papier

    def points_de(self, numero: str) -> int:
        valeurs: Any = self.voix.get(numero, [0, 0])
        return int(valeurs[1])


class Derogation(Partie):
    """A decision that departs from the result, with a public reason."""

    class Sens(models.TextChoices):
        AJOUTER = "ajouter", "retenu bien que le résultat ne le retienne pas"
        ECARTER = "ecarter", "écarté bien que le résultat le retienne"

    scrutin = CleEtrangere(Scrutin, related_name="derogations")
    ligne = CleEtrangere(ProjetAuVote, related_name="+", verbose_name="projet")
    sens = models.CharField("décision", max_length=8, choices=Sens)
    raison = models.TextField("raison publique", max_length=2000)
    par = CleEtrangere(
        settings.AUTH_USER_MODEL, null=True, blank=False, related_name="+", verbose_name="décidé par"
    )
    le = models.DateTimeField("le", default=timezone.now)

    suivi = PortePar[Scrutin]("scrutin")

    class Meta:
        verbose_name = "écart au résultat"
        verbose_name_plural = "écarts au résultat"
        ordering = ["scrutin", "pk"]
        constraints = [
            models.UniqueConstraint(
                "scrutin",
                "ligne",
                name="derogation_une_par_projet",
                violation_error_message="Un écart est déjà décidé pour ce projet.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.ligne.titre} : {self.get_sens_display()}"
