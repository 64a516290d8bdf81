"""Index of the words of the suites, for the public search. No lock on the table."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("suites", "0004_degres_de_ce_qui_est_dit")]

    operations = [
        AddIndexConcurrently(
            model_name="suite",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.search.SearchVector("intitule", "texte_public", config="french"),
                condition=models.Q(("est_publiee", True)),
                name="suite_recherche",
            ),
        ),
    ]
