from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("ccspl", "0004_index_des_derniers_repondus"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="transmission",
            index=models.Index(
                condition=models.Q(("accusee_le", None), ("date_remise", None), ("est_sans_adresse", True)),
                fields=["envoyee_le", "id"],
                name="transmission_a_remettre",
            ),
        ),
    ]
