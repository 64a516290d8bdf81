"""Authors of idées, and who is sent a code to vote, read their letters in their language."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("budgets", "0006_langues_des_forums")]
    operations = [
        migrations.AddField(
            "auteuridee",
            "langue",
            models.CharField("langue des lettres", max_length=2, default="fr", db_default="fr"),
        ),
        migrations.AddField(
            "lotdecodes",
            "langue",
            models.CharField("langue des lettres", max_length=2, default="fr", db_default="fr"),
        ),
    ]
