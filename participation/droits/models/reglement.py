"""Delays of the rights of people, and who gives a visa before anything is eliminated."""

from django.core.validators import MinValueValidator
from django.db import models

from participation.socle.models import Reglement, ReglementQuerySet


class ReglementDroits(Reglement):
    """Delays of the service, to be confirmed with the data protection officer: none is written in a law."""

    preuve_jours = models.PositiveSmallIntegerField(
        "jours pour confirmer une demande", default=7, validators=[MinValueValidator(1)]
    )
    copie_jours = models.PositiveSmallIntegerField(
        "jours où la copie peut être téléchargée", default=15, validators=[MinValueValidator(1)]
    )
    inactivite_mois = models.PositiveSmallIntegerField(
        "mois sans entrer dans un compte, avant de l’effacer",
        default=24,
        db_default=24,
        validators=[MinValueValidator(6)],
    )
    preavis_jours = models.PositiveSmallIntegerField(
        "jours entre le courriel qui le dit et l’effacement",
        default=30,
        db_default=30,
        validators=[MinValueValidator(7)],
    )
    courriel_archives = models.EmailField(
        "adresse des archives",
        blank=True,
        help_text="Qui donne son visa avant toute élimination\u00a0: les archives départementales, ou celles de la collectivité.",
    )

    CONFIRME_PAR = "le délégué à la protection des données"

    objects = ReglementQuerySet["ReglementDroits"].as_manager()

    class Meta(Reglement.Meta):
        verbose_name = "règlement des droits des personnes"
        verbose_name_plural = "règlements des droits des personnes"
