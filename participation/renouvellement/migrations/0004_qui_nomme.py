from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("renouvellement", "0003_contraintes_dites")]

    operations = [
        migrations.AddField(
            model_name="campagne",
            name="nomme_par",
            field=models.CharField(
                default="le conseil métropolitain",
                help_text="Avec son article : « le conseil métropolitain ». Pour « Nomination par le conseil métropolitain ».",
                max_length=80,
                verbose_name="qui nomme les membres",
            ),
        )
    ]
