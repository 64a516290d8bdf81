from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("seances", "0012_reunions_de_reseau")]

    operations = [
        migrations.AlterField(
            model_name="envoi",
            name="ouvert_le",
            field=models.DateTimeField(
                blank=True,
                help_text="Par la personne, ou par le filtre de sa messagerie, qui suit tous les liens.",
                null=True,
                verbose_name="lien suivi le",
            ),
        )
    ]
