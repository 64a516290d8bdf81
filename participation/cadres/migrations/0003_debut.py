from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cadres', '0002_evaluations'),
        ('socle', '0020_traductions'),
    ]

    operations = [
        migrations.AddField(
            model_name='cadre',
            name='date_debut',
            field=models.DateField(blank=True, null=True, verbose_name='début'),
        ),
        migrations.AddConstraint(
            model_name='cadre',
            constraint=models.CheckConstraint(condition=models.Q(('date_debut', None), ('date_debut__lte', models.F('date_fin')), _connector='OR'), name='cadre_commence_avant_de_finir', violation_error_message='La démarche commence avant de finir : corrigez le début ou la fin.'),
        ),
    ]
