from django.db import migrations


class Migration(migrations.Migration):
    """The delivered version reads and writes it no more."""

    dependencies = [("cadres", "0001_tables")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE cadres_cadre DROP COLUMN IF EXISTS date_cahiers", migrations.RunSQL.noop
        )
    ]
