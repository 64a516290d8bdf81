import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contrat_ville", "0039_bilans_de_dauphin"), ("socle", "0020_courriers")]

    operations = [
        migrations.AddField(
            model_name="inscriptionforum",
            name="a_confirmer_avant",
            field=models.DateTimeField(blank=True, null=True, verbose_name="adresse à confirmer avant le"),
        ),
        migrations.AddField(
            model_name="reglementinterquartiers",
            name="garde_place_heures",
            field=models.PositiveSmallIntegerField(
                default=24,
                help_text="Le temps de confirmer son adresse. Ensuite, la place va à qui attend.",
                validators=[django.core.validators.MinValueValidator(1)],
                verbose_name="garde d’une place de forum (heures)",
            ),
        ),
        migrations.AlterField(
            model_name="inscriptionforum",
            name="etat",
            field=models.CharField(
                choices=[
                    ("inscrite", "place réservée"),
                    ("attente", "en liste d’attente"),
                    ("annulee", "inscription annulée"),
                    ("rendue", "adresse jamais confirmée"),
                ],
                default="inscrite",
                max_length=10,
                verbose_name="état",
            ),
        ),
        migrations.AddIndex(
            model_name="inscriptionforum",
            index=models.Index(
                models.F("a_confirmer_avant"),
                condition=models.Q(
                    ("a_confirmer_avant__isnull", False), ("etat__in", ["attente", "inscrite"])
                ),
                name="inscription_a_confirmer",
            ),
        ),
    ]
