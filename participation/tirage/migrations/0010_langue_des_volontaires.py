"""Who registered for a draw reads its letters in the language of the page where she did."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tirage", "0009_import_de_tableau")]
    operations = [
        migrations.AddField(
            "volontaire",
            "langue",
            models.CharField("langue des lettres", max_length=2, default="fr", db_default="fr", editable=False),
        )
    ]
