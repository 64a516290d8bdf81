"""Who left an address reads the letters in the language of the page where she did."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rencontres", "0005_langue_des_inscriptions")]
    operations = [
        migrations.AddField(
            "auteurdenote",
            "langue",
            models.CharField("langue des lettres", max_length=2, default="fr", db_default="fr"),
        )
    ]
