from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ccspl", "0004_contraintes_dites")]

    operations = [
        migrations.AddField(
            model_name="transmission",
            name="est_sans_adresse",
            field=models.BooleanField(default=False, verbose_name="rien n’est parti, faute d’adresse"),
        ),
        migrations.AddField(
            model_name="transmission",
            name="date_remise",
            field=models.DateField(blank=True, null=True, verbose_name="remise le"),
        ),
    ]
