"""Dated règlement of the deposit: limit on drafts, retention of drafts and imports."""

from django.core.validators import MinValueValidator
from django.db import models

from participation.socle.models import Reglement, ReglementQuerySet


class ReglementDepot(Reglement):
    """None of these figures comes from the law: `source` says who chose them."""

    brouillons_par_personne = models.PositiveSmallIntegerField(
        "brouillons par personne", default=10, validators=[MinValueValidator(1)]
    )
    peremption_jours = models.PositiveSmallIntegerField(
        "jours sans écriture avant d’effacer un brouillon",
        default=365,
        validators=[MinValueValidator(1)],
        help_text="Tout ce qu’il contient est alors effacé.",
    )
    preavis_jours = models.PositiveSmallIntegerField(
        "jours entre l’avertissement et l’effacement", default=30, validators=[MinValueValidator(1)]
    )
    conservation_imports_mois = models.PositiveSmallIntegerField(
        "conservation des fichiers de Dauphin (mois)",
        default=24,
        validators=[MinValueValidator(1)],
        help_text="Le fichier et ses lignes sont ensuite effacés ; les projets restent.",
    )
    conservation_reseau_mois = models.PositiveSmallIntegerField(
        "conservation des messages du réseau (mois)",
        default=24,
        validators=[MinValueValidator(1)],
        help_text="Depuis qu’ils sont écrits. Le contact reste ; les mots sont effacés. Durée à confirmer par le délégué à la protection des données.",
    )

    objects = ReglementQuerySet["ReglementDepot"].as_manager()

    class Meta(Reglement.Meta):
        verbose_name = "règlement du dépôt"
        verbose_name_plural = "règlements du dépôt"
