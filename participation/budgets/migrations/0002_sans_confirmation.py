from django.db import migrations


class Migration(migrations.Migration):
    """The delivered version reads and writes it no more."""

    dependencies = [("budgets", "0001_tables")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE budgets_inscriptionforum DROP COLUMN IF EXISTS a_confirmer_avant", migrations.RunSQL.noop
        )
    ]
