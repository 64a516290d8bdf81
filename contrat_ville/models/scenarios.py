"""Scenarios: a choice for each projet and an amount for each financer, without effect until adopted."""

from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone

from contrat_ville.models.cadre import Partenaire
from contrat_ville.models.financements import Financement
from contrat_ville.models.programmations import Programmation
from contrat_ville.models.projets import MONTANT_MAX, Projet
from participation.seances.models import Seance
from participation.socle.erreurs import ActeInterdit, ErreurMetier, RoleInsuffisant
from participation.socle.models import CleEtrangere, Compte, Partie, PortePar


class Scenario(Partie):
    """A way to share the envelopes of a year. Several are kept and compared; at most one is adopted."""

    class Etat(models.TextChoices):
        OUVERT = "ouvert", "à l’étude"
        ADOPTE = "adopte", "adopté"
        ECARTE = "ecarte", "écarté"

    programmation = CleEtrangere(Programmation, related_name="scenarios")
    nom = models.CharField("nom", max_length=80)
    note = models.TextField("ce qu’il cherche", blank=True, max_length=1000)
    etat = models.CharField("état", max_length=8, choices=Etat, default=Etat.OUVERT)
    par = CleEtrangere(
        settings.AUTH_USER_MODEL, null=True, blank=False, related_name="+", verbose_name="écrit par"
    )
    cree_le = models.DateTimeField("créé le", default=timezone.now)
    # Incremented by each change: a screen asks whether it still shows the last version.
    version = models.PositiveIntegerField("version", default=0, editable=False)
    seance = CleEtrangere(Seance, null=True, related_name="+", verbose_name="adopté à la séance")
    adopte_le = models.DateTimeField("adopté le", null=True, blank=True, editable=False)

    suivi = PortePar[Programmation]("programmation")

    class Meta:
        verbose_name = "scénario"
        ordering = ["programmation", "cree_le", "pk"]
        constraints = [
            models.UniqueConstraint(
                "programmation",
                Lower("nom"),
                name="scenario_nom_unique",
                violation_error_message="Un autre scénario de cette année a déjà ce nom.",
            ),
            models.UniqueConstraint(
                fields=["programmation"],
                condition=Q(etat="adopte"),
                name="scenario_adopte_unique",
                violation_error_message="Un autre scénario est déjà adopté.",
            ),
        ]

    def __str__(self) -> str:
        return self.nom

    def get_absolute_url(self) -> str:
        return reverse("contrat_ville:scenario", args=[self.pk])

    @property
    def fil_avant(self) -> list[tuple[str, str]]:
        scenarios = reverse("contrat_ville:scenarios", args=[self.programmation_id])
        return [*self.programmation.fil, ("Scénarios", scenarios)]

    @property
    def est_ouvert(self) -> bool:
        return self.etat == self.Etat.OUVERT

    def refus(self, acte: str, par: Compte | None) -> ErreurMetier | None:
        if not self.est_ouvert:
            return ActeInterdit(
                f"Le scénario « {self.nom} » est {self.get_etat_display()} : il ne change plus."
            )
        if acte == "changer_scenario" and par is not None and not par.est_agent and not financeurs_de(par):
            return RoleInsuffisant("Vous ne décidez pour aucun financeur.")
        return None


def financeurs_de(compte: Compte) -> frozenset[int]:
    """Return the financers whose amounts this account may write: those of its direction or commune.

    Agents of the service may write all amounts: callers check that first.
    """
    directions = [a.direction_id for a in compte.appartenances_en_vigueur if a.direction_id]
    communes = [a.commune_id for a in compte.appartenances_en_vigueur if a.commune_id]
    if not directions and not communes:
        return frozenset()
    siens = Partenaire.objects.filter(
        Q(direction__in=directions) | Q(commune__in=communes), est_financeur=True
    )
    return frozenset(siens.values_list("pk", flat=True))


class ChoixScenario(models.Model):
    """Choice of a scenario for one projet. No row: no choice yet."""

    class Choix(models.TextChoices):
        RETENU = "retenu", "retenir"
        SOUS_RESERVE = "sous_reserve", "retenir sous réserve"
        REFUSE = "refuse", "ne pas retenir"
        AJOURNE = "ajourne", "ajourner"

    # With these choices, the amounts do not count.
    SANS_MONTANT: ClassVar[frozenset[str]] = frozenset({"refuse", "ajourne"})

    scenario = CleEtrangere(Scenario, related_name="choix", on_delete=models.CASCADE)
    projet = CleEtrangere(Projet, related_name="choix_des_scenarios")
    choix = models.CharField("choix", max_length=12, choices=Choix, blank=True)
    motif = models.TextField("motif, ou réserve", blank=True, max_length=2000)
    par = CleEtrangere(settings.AUTH_USER_MODEL, null=True, related_name="+")
    le = models.DateTimeField("le", default=timezone.now)

    class Meta:
        verbose_name = "choix d’un scénario"
        verbose_name_plural = "choix des scénarios"
        constraints = [
            models.UniqueConstraint(
                fields=["scenario", "projet"],
                name="choix_scenario_unique",
                violation_error_message="Ce projet a déjà son choix dans ce scénario.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.projet.nom_court} : {self.get_choix_display()}"


class LigneScenario(models.Model):
    """Amount given by one financer to one projet in a scenario. No row: no amount yet."""

    scenario = CleEtrangere(Scenario, related_name="lignes", on_delete=models.CASCADE)
    financement = CleEtrangere(Financement, related_name="lignes", on_delete=models.CASCADE)
    montant = models.DecimalField(
        "montant",
        max_digits=11,
        decimal_places=2,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(MONTANT_MAX)],
    )
    par = CleEtrangere(settings.AUTH_USER_MODEL, null=True, related_name="+")
    le = models.DateTimeField("le", default=timezone.now)

    class Meta:
        verbose_name = "montant d’un scénario"
        verbose_name_plural = "montants des scénarios"
        constraints = [
            models.UniqueConstraint(
                fields=["scenario", "financement"],
                name="ligne_scenario_unique",
                violation_error_message="Ce financement a déjà son montant dans ce scénario.",
            ),
            models.CheckConstraint(
                condition=Q(montant__gte=0),
                name="ligne_scenario_positive",
                violation_error_message="Un montant ne peut pas être négatif.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.financement} : {self.montant}"
