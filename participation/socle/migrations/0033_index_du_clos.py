from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("socle", "0032_index_lettres_rares"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="dossier",
            index=models.Index(
                models.F("nature"),
                models.F("clos_le").desc(nulls_last=True),
                models.F("id").desc(),
                name="dossier_nature_clos",
            ),
        ),
    ]
