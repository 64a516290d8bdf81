"""The evaluation of a démarche: criteria with their source, who evaluates, before and after, what each says."""

from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Lower

from participation.cadres.models.cadres import Cadre
from participation.cadres.workflow import Moment
from participation.socle.liens import Lien
from participation.socle.models import CleEtrangere, Partie, PortePar, Scelle

ECHELLE = [(4, "oui"), (3, "plutôt oui"), (2, "plutôt non"), (1, "non")]


class Critere(models.Model):
    """One line of the grid, in our own words; `source` says the tool that it comes from."""

    ordre = models.PositiveSmallIntegerField("ordre", default=1)
    libelle = models.CharField("critère", max_length=120)
    question = models.CharField("question posée", max_length=300)
    source = models.CharField("source", max_length=200, help_text="L’outil dont il vient, et où le lire.")
    est_actif = models.BooleanField("posé", default=True)

    class Meta:
        verbose_name = "critère d’évaluation"
        verbose_name_plural = "critères d’évaluation"
        ordering = ["ordre", "pk"]

    def __str__(self) -> str:
        return self.libelle


class Evaluateur(Scelle, Partie):
    """Who evaluates, once for each moment. Without an account, a signed link opens her grid alone."""

    LIEN: ClassVar[Lien] = Lien("cadres.evaluateur")

    cadre = CleEtrangere(Cadre, on_delete=models.CASCADE, related_name="evaluateurs")
    moment = models.CharField("moment", max_length=5, choices=Moment)
    nom = models.CharField("nom", max_length=120, blank=True)
    qualite = models.CharField("qualité", max_length=120, blank=True)
    courriel = models.EmailField("courriel", blank=True)
    remarque = models.TextField("ce que les notes ne disent pas", max_length=3000, blank=True)
    rendue_le = models.DateTimeField("rendue le", null=True, blank=True)

    suivi = PortePar[Cadre]("cadre")

    class Meta:
        verbose_name = "personne qui évalue"
        verbose_name_plural = "personnes qui évaluent"
        ordering = ["cadre", "-moment", "nom", "pk"]  # before, then after
        constraints = [
            models.UniqueConstraint(
                "cadre",
                "moment",
                Lower("courriel"),
                condition=~models.Q(courriel=""),
                name="evaluateur_unique",
                violation_error_message="Cette adresse évalue déjà la démarche à ce moment.",
            )
        ]

    def __str__(self) -> str:
        return self.nom or f"personne n° {self.pk}"

    @property
    def est_close(self) -> bool:
        """What was thought before is no longer written once the démarche began."""
        return self.moment == Moment.AVANT and self.cadre.est_commence

    def jeton(self) -> str:
        return self.LIEN.jeton(self)


class NoteDeCritere(models.Model):
    evaluateur = CleEtrangere(Evaluateur, on_delete=models.CASCADE, related_name="notes")
    critere = CleEtrangere(Critere, related_name="notes")
    note = models.PositiveSmallIntegerField(
        "note", choices=ECHELLE, validators=[MinValueValidator(1), MaxValueValidator(4)]
    )

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name = "note d’un critère"
        verbose_name_plural = "notes des critères"
        ordering = ["evaluateur", "critere"]
        constraints = [
            models.UniqueConstraint(
                "evaluateur",
                "critere",
                name="note_de_critere_unique",
                violation_error_message="Ce critère a déjà sa note.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.critere} : {self.get_note_display()}"


def sans_critere(cadre: Any, acte: str, par: Any) -> list[str]:
    return [] if Critere.objects.filter(est_actif=True).exists() else ["Aucun critère n’est posé : un administrateur en écrit dans les tables de référence."]  # fmt: skip


def avant_est_clos(evaluateur: Any, acte: str, par: Any) -> list[str]:
    """A grid that was never given back may still be withdrawn."""
    if not evaluateur.est_close or (acte == "retirer_evaluateur" and evaluateur.rendue_le is None):
        return []
    return ["La démarche a commencé : ce qui était pensé avant ne change plus."]
