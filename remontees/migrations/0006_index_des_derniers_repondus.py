from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("remontees", "0005_index_personnes_et_lisibles"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="sujet",
            index=models.Index(
                models.F("repondu_le").desc(),
                models.F("dossier_ptr").desc(),
                condition=models.Q(("repondu_le__isnull", False)),
                name="sujet_repondus",
            ),
        ),
    ]
