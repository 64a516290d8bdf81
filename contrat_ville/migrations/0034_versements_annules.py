from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contrat_ville", "0033_duree_a_confirmer")]

    operations = [
        migrations.AddField(
            model_name="versement",
            name="annule_le",
            field=models.DateTimeField(blank=True, null=True, verbose_name="annulé le"),
        )
    ]
