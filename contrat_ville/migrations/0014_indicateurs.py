"""The indicators of a programmation, and what each projet says of them."""

from decimal import Decimal

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contrat_ville", "0013_journal_des_partenaires")]

    operations = [
        migrations.CreateModel(
            name="Indicateur",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ordre", models.PositiveSmallIntegerField(default=0, verbose_name="ordre")),
                (
                    "intitule",
                    models.CharField(
                        help_text="Par exemple : habitants qui décident.",
                        max_length=160,
                        verbose_name="intitulé",
                    ),
                ),
                (
                    "unite",
                    models.CharField(
                        help_text="Au pluriel : personnes, ateliers, heures.",
                        max_length=40,
                        verbose_name="unité",
                    ),
                ),
                ("aide", models.CharField(blank=True, max_length=300, verbose_name="comment le compter")),
                (
                    "reunion",
                    models.CharField(
                        choices=[
                            ("somme", "on additionne les projets"),
                            ("moyenne", "on fait la moyenne des projets"),
                        ],
                        default="somme",
                        max_length=8,
                        verbose_name="pour plusieurs projets",
                    ),
                ),
                (
                    "axe",
                    models.ForeignKey(
                        blank=True,
                        help_text="Vide : tous les axes.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="indicateurs",
                        to="contrat_ville.axe",
                        verbose_name="axe",
                    ),
                ),
                (
                    "programmation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="indicateurs",
                        to="contrat_ville.programmation",
                        verbose_name="programmation",
                    ),
                ),
            ],
            options={
                "verbose_name": "indicateur",
                "ordering": ["programmation", "axe__ordre", "axe__nom", "ordre", "pk"],
            },
        ),
        migrations.CreateModel(
            name="ValeurIndicateur",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "prevu",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=11,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="visé",
                    ),
                ),
                (
                    "realise",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=11,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="réalisé",
                    ),
                ),
                (
                    "indicateur",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="valeurs",
                        to="contrat_ville.indicateur",
                        verbose_name="indicateur",
                    ),
                ),
                (
                    "projet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="valeurs",
                        to="contrat_ville.projet",
                        verbose_name="projet",
                    ),
                ),
            ],
            options={
                "verbose_name": "valeur d’un indicateur",
                "verbose_name_plural": "valeurs des indicateurs",
                "ordering": ["projet", "indicateur"],
            },
        ),
        migrations.AddConstraint(
            model_name="indicateur",
            constraint=models.UniqueConstraint(
                models.F("programmation"),
                models.F("axe"),
                django.db.models.functions.text.Lower("intitule"),
                name="indicateur_intitule_unique",
                nulls_distinct=False,
                violation_error_message="Cet indicateur existe déjà pour cet axe.",
            ),
        ),
        migrations.AddConstraint(
            model_name="valeurindicateur",
            constraint=models.UniqueConstraint(
                fields=("projet", "indicateur"),
                name="valeur_indicateur_unique",
                violation_error_message="Ce projet a déjà une valeur pour cet indicateur.",
            ),
        ),
        migrations.AddConstraint(
            model_name="valeurindicateur",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("prevu__isnull", True), ("prevu__gte", 0), _connector="OR"),
                    models.Q(("realise__isnull", True), ("realise__gte", 0), _connector="OR"),
                ),
                name="valeur_indicateur_positive",
                violation_error_message="Une valeur ne peut pas être négative.",
            ),
        ),
    ]
