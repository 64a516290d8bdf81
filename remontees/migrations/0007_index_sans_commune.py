from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("remontees", "0006_index_des_derniers_repondus"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="remontee",
            index=models.Index(
                "dossier_ptr", condition=models.Q(("commune__isnull", True)), name="remontee_sans_commune"
            ),
        ),
    ]
