import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("socle", "0016_dossiers_par_date")]

    operations = [
        migrations.CreateModel(
            name="Contour",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("geometrie", models.JSONField(help_text="GeoJSON (WGS 84).", verbose_name="géométrie")),
                (
                    "commune",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="trace",
                        to="socle.commune",
                        verbose_name="commune",
                    ),
                ),
                (
                    "quartier",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="trace",
                        to="socle.quartier",
                        verbose_name="quartier",
                    ),
                ),
            ],
            options={
                "verbose_name": "contour",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("commune__isnull", False), ("quartier__isnull", True))
                        | models.Q(("commune__isnull", True), ("quartier__isnull", False)),
                        name="contour_un_lieu",
                        violation_error_message="Un contour est celui d’une commune, ou celui d’un quartier.",
                    )
                ],
            },
        )
    ]
