from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('suites', '0008_rappel_du_rapport'),
    ]

    operations = [
        migrations.AlterField(
            model_name='reglementsuites',
            name='rapport_annonce',
            field=models.PositiveSmallIntegerField(db_default=90, default=90, help_text='Dans « Ma journée » des agents, jusqu’à ce qu’il soit demandé. Choix du service : aucun texte ne le fixe.', verbose_name='ce rapport est rappelé (jours avant)'),
        ),
    ]
