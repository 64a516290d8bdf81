import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contrat_ville", "0032_contacts_deja_termines")]

    operations = [
        migrations.AlterField(
            model_name="reglementdepot",
            name="conservation_reseau_mois",
            field=models.PositiveSmallIntegerField(
                default=24,
                help_text="Depuis qu’ils sont écrits. Le contact reste ; les mots sont effacés. Durée à confirmer par le délégué à la protection des données.",
                validators=[django.core.validators.MinValueValidator(1)],
                verbose_name="conservation des messages du réseau (mois)",
            ),
        )
    ]
