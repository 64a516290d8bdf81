from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contrat_ville", "0032_contacts_deja_termines")]

    operations = [
        migrations.AddField(
            model_name="versement",
            name="annule_le",
            field=models.DateTimeField(blank=True, null=True, verbose_name="annulé le"),
        )
    ]
