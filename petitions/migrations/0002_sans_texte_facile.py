from django.db import migrations


class Migration(migrations.Migration):
    """The delivered version reads and writes it no more."""

    dependencies = [("petitions", "0001_tables")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE petitions_petition DROP COLUMN IF EXISTS texte_facile", migrations.RunSQL.noop
        )
    ]
