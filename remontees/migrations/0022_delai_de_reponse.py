"""The delay to answer a person was asked for and never read: an answer is due as the triage is."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("remontees", "0021_index_de_conservation")]

    operations = [
        migrations.RemoveField(model_name="reglementremontees", name="delai_reponse_jours"),
        migrations.AlterField(
            model_name="reglementremontees",
            name="delai_tri_jours",
            field=models.PositiveSmallIntegerField(
                default=3,
                verbose_name="délai pour trier, puis pour écrire la réponse une fois les services entendus (jours ouvrés)",
            ),
        ),
    ]
