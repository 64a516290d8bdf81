"""The table of the délibération of a year."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contrat_ville", "0011_reponse_aux_recours"), ("socle", "0014_index_des_dossiers")]

    operations = [
        migrations.AddField(
            model_name="programmation",
            name="deliberation",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="socle.document",
                verbose_name="tableau de la délibération",
            ),
        )
    ]
