"""The registrations of every event are one model: its key to the event has one name, in the same column.

A forum takes its offers, its reminders and its channels. `a_confirmer_avant` is no longer read: the next version drops it.
"""

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

import participation.inscriptions.models

ETATS = [('a_confirmer', 'adresse à confirmer'), ('inscrite', 'place réservée'), ('attente', 'en liste d’attente'), ('offerte', 'place proposée'), ('annulee', 'inscription annulée'), ('rendue', 'adresse à confirmer')]
CANAUX = [('web', 'en ligne'), ('telephone', 'par téléphone'), ('papier', 'sur papier'), ('porte', 'à l’entrée')]
BESOINS = [('interprete', 'un interprète'), ('lsf', 'la langue des signes'), ('garde', 'une garde d’enfants'), ('transport', 'un transport'), ('boucle', 'une boucle magnétique'), ('fauteuil', 'une place pour un fauteuil roulant'), ('autre', 'autre chose')]


class Migration(migrations.Migration):
    dependencies = [('budgets', '0003_exemple_de_titre')]

    operations = [
        migrations.RemoveIndex(model_name='inscriptionforum', name='inscription_a_confirmer'),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterModelOptions(
                    name='inscriptionforum',
                    options={'ordering': ['evenement', 'inscrite_le', 'pk'], 'verbose_name': 'inscription à un forum', 'verbose_name_plural': 'inscriptions aux forums'},
                ),
                migrations.RemoveIndex(model_name='inscriptionforum', name='inscription_forum_file'),
                migrations.RemoveField(model_name='inscriptionforum', name='a_confirmer_avant'),
                migrations.RenameField(model_name='inscriptionforum', old_name='forum', new_name='evenement'),
                migrations.AlterField(
                    model_name='inscriptionforum',
                    name='evenement',
                    field=models.ForeignKey(db_column='forum_id', on_delete=django.db.models.deletion.PROTECT, related_name='inscriptions', to='budgets.forum', verbose_name='forum'),
                ),
                migrations.AddIndex(
                    model_name='inscriptionforum',
                    index=models.Index(models.F('evenement'), models.F('etat'), models.F('inscrite_le'), name='inscription_forum_file'),
                ),
            ],
        ),
        migrations.AddField(
            model_name='inscriptionforum',
            name='canal',
            field=models.CharField(choices=CANAUX, db_default='web', default='web', max_length=10, verbose_name='reçue'),
        ),
        migrations.AddField(
            model_name='inscriptionforum',
            name='confirmee_le',
            field=models.DateTimeField(blank=True, null=True, verbose_name='confirmée le'),
        ),
        migrations.AddField(
            model_name='inscriptionforum',
            name='offerte_jusqu_a',
            field=models.DateTimeField(blank=True, null=True, verbose_name='place proposée jusqu’au'),
        ),
        migrations.AlterField(
            model_name='inscriptionforum',
            name='besoins',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=BESOINS, max_length=12), blank=True, default=list, size=None, verbose_name='besoins'),
        ),
        migrations.AlterField(
            model_name='inscriptionforum',
            name='etat',
            field=models.CharField(choices=ETATS, default='inscrite', max_length=12, verbose_name='état'),
        ),
        migrations.AddIndex(
            model_name='inscriptionforum',
            index=models.Index(models.F('offerte_jusqu_a'), condition=models.Q(('etat', 'offerte')), name='inscription_forum_offres'),
        ),
        migrations.AddConstraint(
            model_name='inscriptionforum',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('etat', 'offerte'), ('offerte_jusqu_a__isnull', False)), models.Q(models.Q(('etat', 'offerte'), _negated=True), ('offerte_jusqu_a__isnull', True)), _connector='OR'), name='inscription_forum_offre_datee', violation_error_message='Une place proposée l’est jusqu’à un instant.'),
        ),
        migrations.AddField(
            model_name='reglementinterquartiers',
            name='offre_jours',
            field=models.PositiveSmallIntegerField(db_default=0, default=0, help_text='0 : une place libre est donnée à la première personne qui attend, sans lui demander.', verbose_name='une place de forum proposée attend une réponse (jours)'),
        ),
        migrations.AddField(
            model_name='reglementinterquartiers',
            name='part_sans_courriel',
            field=models.PositiveSmallIntegerField(db_default=0, default=0, help_text='0 : en ligne, l’adresse est demandée.', validators=[django.core.validators.MaxValueValidator(100)], verbose_name='places de forum données en ligne sans adresse de courriel (%)'),
        ),
        migrations.AddField(
            model_name='reglementinterquartiers',
            name='rappels_jours',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(validators=[django.core.validators.MaxValueValidator(60)]), blank=True, db_default=[7, 1], default=participation.inscriptions.models.rappels_de_depart, size=None, verbose_name='rappels aux personnes inscrites (jours avant)'),
        ),
    ]
