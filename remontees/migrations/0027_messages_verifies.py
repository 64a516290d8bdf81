"""Messages by mail: which check the address passed, or that an agent must say who wrote."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("remontees", "0026_courriels_a_voir")]

    operations = [
        migrations.AddField(
            model_name="message",
            name="preuve",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=120, verbose_name="adresse vérifiée par"
            ),
        ),
        migrations.AlterField(
            model_name="message",
            name="auteur",
            field=models.CharField(
                choices=[
                    ("agent", "le service participation"),
                    ("personne", "la personne"),
                    ("service", "un service"),
                    ("autre", "une autre adresse"),
                    ("a_verifier", "une adresse non vérifiée"),
                ],
                max_length=10,
                verbose_name="auteur",
            ),
        ),
    ]
