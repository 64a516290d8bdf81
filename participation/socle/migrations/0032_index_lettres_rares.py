from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("socle", "0031_index_telephones_et_publies"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="courriel",
            index=models.Index(
                models.F("etat"),
                models.OrderBy(models.F("cree_le"), descending=True, nulls_last=True),
                models.F("id"),
                condition=models.Q(("etat__in", ["annule", "a_reunir", "reuni"])),
                name="courriel_etats_rares",
            ),
        ),
        AddIndexConcurrently(
            model_name="courriel",
            index=models.Index(
                models.OrderBy(models.F("cree_le"), descending=True, nulls_last=True),
                models.F("id"),
                condition=models.Q(("moyen", "sms")),
                name="courriel_sms",
            ),
        ),
    ]
