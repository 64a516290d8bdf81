"""The decentralised draw of who is invited: its rule, and the part of each commune, whose list never travels."""

from datetime import date, timedelta
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from participation.panels.models.panels import Panel
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.francais import jour_texte
from participation.socle.liens import Lien
from participation.socle.models import CleEtrangere, CleUnique, Commune, Compte, Partie, PortePar, Scelle
from participation.tirage.workflow import Source

LETTRES_MAX = 20_000


class TirageDesCommunes(models.Model):
    """The rule, public before anything is known: where the seed comes from, and when. Then the seed."""

    panel = CleUnique(Panel, on_delete=models.CASCADE, related_name="tirage_des_communes")
    source = models.CharField("source de la graine", max_length=6, choices=Source, default=Source.BOULES)
    date_graine = models.DateField("jour où la graine est connue")
    precision_source = models.CharField(
        "précision",
        max_length=300,
        help_text="Où et à quelle heure les boules sont tirées, ou quel tirage, ou quel tour.",
    )
    repli = models.CharField(
        "si la source manque", max_length=300, help_text="La source qui la remplace, dite d’avance."
    )
    annonce_le = models.DateTimeField("annoncé le", default=timezone.now)
    texte_graine = models.CharField("graine, comme elle est publiée", max_length=200, blank=True)
    graine = models.CharField("graine", max_length=64, blank=True)

    class Meta:
        verbose_name = "tirage des communes"
        verbose_name_plural = "tirages des communes"

    def __str__(self) -> str:
        return f"tirage des communes, {self.panel}"

    @property
    def dernier_jour(self) -> date:
        """The last day when a commune may be bound."""
        return self.date_graine - timedelta(days=1)


class PartDeCommune(Scelle, Partie):
    """What a commune is asked, what it is bound to before the seed, and what proves its draw."""

    LIEN: ClassVar[Lien] = Lien("panels.commune")
    MOTS_DU_SERVICE: ClassVar[frozenset[str]] = frozenset({"lettres"})

    panel = CleEtrangere(Panel, on_delete=models.CASCADE, related_name="parts")
    commune = CleEtrangere(Commune, related_name="+", verbose_name="commune")
    lettres = models.PositiveIntegerField(
        "lettres à poster", validators=[MinValueValidator(1), MaxValueValidator(LETTRES_MAX)]
    )
    lignes = models.PositiveIntegerField("lignes de sa liste", null=True, blank=True)
    racine = models.CharField("racine des engagements", max_length=64, blank=True)
    engagee_le = models.DateTimeField("engagements déposés le", null=True, blank=True)
    # The lines drawn, each with what leads it to the root (`communes.regles.Tire`).
    tires = models.JSONField("lignes tirées", null=True, blank=True)
    postees = models.PositiveIntegerField("lettres postées", null=True, blank=True)
    date_postee = models.DateField("postées le", null=True, blank=True)
    prouvee_le = models.DateTimeField("preuve déposée le", null=True, blank=True)

    suivi = PortePar[Panel]("panel")

    class Meta:
        verbose_name = "part d’une commune"
        verbose_name_plural = "parts des communes"
        ordering = ["panel", "commune"]
        constraints = [
            models.UniqueConstraint(
                fields=["panel", "commune"],
                name="part_commune_unique",
                violation_error_message="Cette commune a déjà sa part.",
            ),
            models.CheckConstraint(
                condition=Q(prouvee_le=None) | Q(engagee_le__isnull=False, tires__isnull=False),
                name="part_commune_prouvee_apres_engagee",
                violation_error_message="Une part est prouvée après ses engagements.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.commune)

    @property
    def regle(self) -> TirageDesCommunes:
        return self.panel.tirage_des_communes

    def refus(self, acte: str, par: Compte | None) -> ErreurMetier | None:
        if acte == "deposer_engagements" and self.engagee_le is not None:
            return ActeInterdit("Les engagements de cette commune sont déjà déposés : ils ne changent plus.")
        if acte == "deposer_engagements" and timezone.localdate() >= self.regle.date_graine:
            return ActeInterdit(
                f"La graine est connue depuis le {jour_texte(self.regle.date_graine)} : il est trop tard pour s’engager."
            )
        if acte == "deposer_preuve" and self.prouvee_le is not None:
            return ActeInterdit("La preuve de cette commune est déjà déposée.")
        if acte == "deposer_preuve" and self.engagee_le is None:
            return ActeInterdit("Cette commune n’a pas déposé ses engagements.")
        if acte == "deposer_preuve" and not self.regle.graine:
            return ActeInterdit("La graine n’est pas encore publiée.")
        return super().refus(acte, par)
