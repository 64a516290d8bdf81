from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('socle', '0029_courriers_d_une_demande'),
    ]

    operations = [
        migrations.AddField(
            model_name='dossier',
            name='cahiers_jusqu_au',
            field=models.DateField(blank=True, null=True, verbose_name='cahiers d’acteurs reçus jusqu’au'),
        ),
    ]
