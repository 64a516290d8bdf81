"""What the gate of letters to strangers keeps: its limits, and hashed traces of letters and refusals."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from participation.socle.models.reglages import UneLigne


class ReglagePorte(UneLigne):
    """Limits on letters to people who asked nothing (one row). Over them the act stays and the letter is not sent."""

    par_personne = models.PositiveSmallIntegerField(
        "lettres par jour et par personne qui invite",
        default=100,
        help_text="Tout ce qu’elle a commencé ensemble, brouillons supprimés compris.",
    )
    par_personne_et_adresse = models.PositiveSmallIntegerField(
        "lettres par jour d’une personne à une même boîte", default=2
    )
    par_adresse = models.PositiveSmallIntegerField(
        "lettres par jour et par boîte",
        default=10,
        help_text="Qui que ce soit qui les fait partir. Une boîte : avec ou sans « +mot », avec ou sans points.",
    )
    par_reseau_et_adresse = models.PositiveSmallIntegerField(
        "lettres par jour d’un réseau à une même boîte", default=5
    )
    par_reseau = models.PositiveSmallIntegerField("lettres par jour et par réseau", default=200)
    par_domaine = models.PositiveSmallIntegerField(
        "lettres par jour et par domaine de messagerie",
        default=200,
        help_text="Les fournisseurs courants n’ont pas cette limite : personne ne la ferme à leurs autres clients.",
    )
    memoire_jours = models.PositiveSmallIntegerField(
        "mémoire des lettres et des refus (jours)",
        default=365,
        help_text="Gardée sous une empreinte chiffrée, jamais l’adresse.",
    )

    class Meta:
        verbose_name = "réglage des lettres à qui n’a rien demandé"
        verbose_name_plural = "réglages des lettres à qui n’a rien demandé"
        constraints = [
            models.CheckConstraint(
                condition=Q(pk=1),
                name="reglage_porte_une_ligne",
                violation_error_message="Les réglages tiennent en une ligne.",
            )
        ]

    def __str__(self) -> str:
        return "réglage des lettres à qui n’a rien demandé"


class TraceLettre(models.Model):
    """A letter written to somebody who asked nothing, or their refusal. Only hashes: no address, no network.

    Kept when what it is about (`sujet`) is deleted, so that deleting drafts does not reset the limits.
    """

    class Nature(models.TextChoices):
        LETTRE = "lettre", "lettre"
        REFUS = "refus", "refus"

    nature = models.CharField("nature", max_length=6, choices=Nature, default=Nature.LETTRE)
    adresse = models.CharField("empreinte de l’adresse", max_length=32)
    auteur = models.CharField("empreinte de l’auteur", max_length=32, blank=True)
    reseau = models.CharField("empreinte du réseau", max_length=32, blank=True)
    domaine = models.CharField(
        "empreinte du domaine", max_length=32, blank=True, help_text="Vide pour un fournisseur courant."
    )
    sujet = models.CharField("au sujet de", max_length=60)
    le = models.DateTimeField("le", default=timezone.now)

    class Meta:
        verbose_name = "trace d’une lettre"
        verbose_name_plural = "traces des lettres"
        indexes = [
            models.Index(fields=["adresse", "le"], name="trace_lettre_adresse"),
            models.Index(fields=["auteur", "le"], name="trace_lettre_auteur"),
            models.Index(fields=["reseau", "le"], name="trace_lettre_reseau"),
            models.Index(fields=["domaine", "le"], name="trace_lettre_domaine"),
        ]

    def __str__(self) -> str:
        return f"{self.get_nature_display()}, {self.sujet}"
