"""Who registers reads her letters in the language of the page where she did."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rencontres", "0004_inscriptions_communes")]
    operations = [
        migrations.AddField(
            "inscription",
            "langue_lettres",
            models.CharField("langue des lettres", max_length=2, default="fr", db_default="fr"),
        )
    ]
