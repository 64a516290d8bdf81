import django.contrib.postgres.functions
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cadres', '0003_debut'),
        ('socle', '0020_traductions'),
    ]

    operations = [
        migrations.AddField(
            model_name='cadre',
            name='date_cahiers',
            field=models.DateField(blank=True, null=True, verbose_name='cahiers d’acteurs reçus jusqu’au'),
        ),
        migrations.AddField(
            model_name='reglementcadres',
            name='lecture_jours',
            field=models.PositiveSmallIntegerField(db_default=10, default=10, verbose_name='un cahier d’acteur déposé est lu avant (jours)'),
        ),
        migrations.AddField(
            model_name='reglementcadres',
            name='preuve_jours',
            field=models.PositiveSmallIntegerField(db_default=7, default=7, verbose_name='un cahier d’acteur attend la preuve de son adresse (jours)'),
        ),
        migrations.CreateModel(
            name='Cahier',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sceau', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, verbose_name='sceau des liens')),
                ('demande_le', models.DateTimeField(default=django.utils.timezone.now, verbose_name='demandé le')),
                ('confirme_le', models.DateTimeField(blank=True, null=True, verbose_name='confirmé le')),
                ('etat', models.CharField(choices=[('attendu', 'attendu'), ('a_lire', 'à lire'), ('publie', 'publié'), ('ecarte', 'non publié')], default='attendu', max_length=10, verbose_name='état')),
                ('organisation', models.CharField(max_length=160, verbose_name='organisation')),
                ('courriel', models.EmailField(blank=True, max_length=254, verbose_name='courriel')),
                ('resume', models.TextField(blank=True, max_length=3000, verbose_name='résumé')),
                ('consenti_le', models.DateTimeField(blank=True, null=True, verbose_name='accord pour publier, donné le')),
                ('motif', models.TextField(blank=True, max_length=1000, verbose_name='raison de ne pas publier')),
                ('cadre', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cahiers', to='cadres.cadre', verbose_name='cadre')),
                ('piece', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cahier', to='socle.piece', verbose_name='document')),
            ],
            options={
                'verbose_name': 'cahier d’acteur',
                'verbose_name_plural': 'cahiers d’acteurs',
                'ordering': ['cadre', 'organisation', 'pk'],
                'constraints': [models.UniqueConstraint(models.F('cadre'), django.db.models.functions.text.Lower('courriel'), condition=models.Q(('courriel', ''), _negated=True), name='cahier_adresse_unique', violation_error_message='Cette adresse a déjà un cahier dans cette démarche.'), models.CheckConstraint(condition=models.Q(('etat', 'attendu'), models.Q(('consenti_le__isnull', False), ('piece__isnull', False), models.Q(('resume', ''), _negated=True)), _connector='OR'), name='cahier_depose_entier', violation_error_message='Un cahier a son résumé, son document et l’accord de l’organisation.'), models.CheckConstraint(condition=models.Q(models.Q(('etat', 'ecarte'), _negated=True), models.Q(('motif', ''), _negated=True), _connector='OR'), name='cahier_ecarte_dit_pourquoi', violation_error_message='Dites pourquoi il n’est pas publié.')],
            },
        ),
    ]
