from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("suites", "0006_degre_par_le_lien")]

    operations = [
        migrations.AddField(
            model_name="abonnement",
            name="langue",
            field=models.CharField(db_default="fr", default="fr", max_length=2, verbose_name="langue"),
        ),
    ]
