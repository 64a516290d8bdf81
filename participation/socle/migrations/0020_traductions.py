import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('socle', '0019_listes_longues'),
    ]

    operations = [
        migrations.AddField(
            model_name='dossier',
            name='est_en_facile',
            field=models.BooleanField(db_default=False, default=False, editable=False, verbose_name='en facile à lire'),
        ),
        migrations.CreateModel(
            name='Traduction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('langue', models.CharField(max_length=4, verbose_name='langue')),
                ('proposee', models.JSONField(blank=True, default=dict, verbose_name='proposée')),
                ('en_ligne', models.JSONField(blank=True, default=dict, verbose_name='en ligne')),
                ('en_ligne_le', models.DateTimeField(blank=True, null=True, verbose_name='en ligne depuis')),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='traductions', to='socle.dossier', verbose_name='dossier')),
                ('ecrite_par', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='écrite par')),
                ('proposee_par', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='proposée par')),
                ('relue_par', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='relue par')),
            ],
            options={
                'verbose_name': 'traduction',
                'ordering': ['dossier', 'langue'],
                'constraints': [models.UniqueConstraint(fields=('dossier', 'langue'), name='traduction_unique', violation_error_message='Cette langue est déjà demandée pour ce texte.'), models.CheckConstraint(condition=models.Q(('en_ligne_le__isnull', True), models.Q(('ecrite_par', models.F('relue_par')), _negated=True), _connector='OR'), name='traduction_relue_par_une_autre', violation_error_message='Une autre personne que son auteur doit relire cette version.')],
            },
        ),
    ]
