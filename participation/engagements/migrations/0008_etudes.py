import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('engagements', '0007_temps_fort_change'),
        ('seances', '0004_elections_sans_candidat'),
        ('socle', '0021_rythme_des_lettres'),
    ]

    operations = [
        migrations.CreateModel(
            name='Etude',
            fields=[
                ('dossier_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='socle.dossier')),
                ('etat', models.CharField(choices=[('deposee', 'déposée'), ('publiee', 'publiée'), ('presentee', 'présentée au conseil')], default='deposee', max_length=10, verbose_name='état')),
                ('annee', models.PositiveSmallIntegerField(verbose_name='année')),
                ('constats', models.TextField(max_length=6000, verbose_name='résumé')),
                ('date_limite', models.DateField(verbose_name='à présenter au conseil au plus tard le')),
                ('presentee_le', models.DateField(blank=True, null=True, verbose_name='présentée au conseil le')),
                ('deliberation', models.CharField(blank=True, max_length=120, verbose_name='numéro de la délibération')),
                ('retour', models.TextField(blank=True, max_length=6000, verbose_name='ce que le conseil en a dit')),
                ('instance', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='seances.instance', verbose_name='commission')),
                ('piece', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='etude', to='socle.piece', verbose_name='document')),
            ],
            options={
                'verbose_name': 'étude de la commission d’évaluation',
                'verbose_name_plural': 'études de la commission d’évaluation',
                'constraints': [models.UniqueConstraint(fields=('instance', 'annee'), name='etude_une_par_an', violation_error_message='Cette commission a déjà son étude de cette année.'), models.CheckConstraint(condition=models.Q(models.Q(('etat', 'presentee'), _negated=True), ('presentee_le__isnull', False), _connector='OR'), name='etude_presentee_datee', violation_error_message='Dites quel jour le conseil l’a entendue.')],
            },
            bases=('socle.dossier',),
        ),
    ]
