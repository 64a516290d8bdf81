from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("socle", "0025_delegations")]

    operations = [
        AddIndexConcurrently(
            "courriel", models.Index(models.F("cree_le"), models.F("id"), name="courriel_plus_ancien")
        ),
        AddIndexConcurrently(
            "dossier",
            models.Index(
                models.F("auteur"),
                models.OrderBy(models.F("ouvert_le"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                name="dossier_deposes",
            ),
        ),
        # Covered by the new one.
        RemoveIndexConcurrently("dossier", "dossier_deposes_ouverts"),
    ]
