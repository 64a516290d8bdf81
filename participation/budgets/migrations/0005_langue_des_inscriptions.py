"""Who registers reads her letters in the language of the page where she did."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("budgets", "0004_inscriptions_communes")]
    operations = [
        migrations.AddField(
            "inscriptionforum",
            "langue_lettres",
            models.CharField("langue des lettres", max_length=2, default="fr", db_default="fr"),
        )
    ]
