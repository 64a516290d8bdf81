from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("socle", "0027_voies")]

    operations = [
        migrations.AddField(
            "demande",
            "attend_la_liste",
            models.BooleanField(
                "dite dans la liste du lendemain matin", db_default=False, default=False, editable=False
            ),
        )
    ]
