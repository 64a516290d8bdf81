from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("ccspl", "0003_articles_cites"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="avis",
            index=models.Index(
                models.F("repondu_le").desc(),
                models.F("dossier_ptr").desc(),
                condition=models.Q(("repondu_le__isnull", False)),
                name="avis_repondus",
            ),
        ),
    ]
