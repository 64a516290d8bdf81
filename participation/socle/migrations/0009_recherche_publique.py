"""Indexes of the public search, on what is published alone. No lock on the table."""

import django.contrib.postgres.indexes
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("socle", "0008_courriers_d_une_instance")]

    operations = [
        AddIndexConcurrently(
            model_name="dossier",
            index=django.contrib.postgres.indexes.GinIndex(
                condition=models.Q(("est_publie", True)),
                fields=["recherche"],
                name="dossier_recherche_publique",
            ),
        ),
        AddIndexConcurrently(
            model_name="dossier",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(models.F("titre_simple"), name="gin_trgm_ops"),
                condition=models.Q(("est_publie", True)),
                name="dossier_titre_public",
            ),
        ),
    ]
