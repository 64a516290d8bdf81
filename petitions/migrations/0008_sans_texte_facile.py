"""The code no longer uses the old « facile à lire » column. The version before still may: it is dropped by the next."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("petitions", "0007_facile_a_lire")]

    operations = [
        migrations.AlterField(
            model_name="petition",
            name="texte_facile",
            field=models.TextField("texte en facile à lire et à comprendre", blank=True, db_default=""),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField(model_name="petition", name="texte_facile")]
        ),
    ]
