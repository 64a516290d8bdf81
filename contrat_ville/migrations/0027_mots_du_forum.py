"""Words of the forum that suit everybody: a place is kept, a presence is noted."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contrat_ville", "0026_courriers")]

    operations = [
        migrations.AlterField(
            model_name="inscriptionforum",
            name="etat",
            field=models.CharField(
                choices=[
                    ("inscrite", "place réservée"),
                    ("attente", "en liste d’attente"),
                    ("annulee", "inscription annulée"),
                ],
                default="inscrite",
                max_length=10,
                verbose_name="état",
            ),
        ),
        migrations.AlterField(
            model_name="inscriptionforum",
            name="inscrite_le",
            field=models.DateTimeField(default=django.utils.timezone.now, verbose_name="inscription du"),
        ),
        migrations.AlterField(
            model_name="inscriptionforum",
            name="presente_le",
            field=models.DateTimeField(blank=True, null=True, verbose_name="présence notée le"),
        ),
    ]
