"""The registrations of every event are one model: its key to the event has one name, in the same column."""

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

import participation.inscriptions.models

ETATS = [('a_confirmer', 'adresse à confirmer'), ('inscrite', 'place réservée'), ('attente', 'en liste d’attente'), ('offerte', 'place proposée'), ('annulee', 'inscription annulée'), ('rendue', 'adresse à confirmer')]
CANAUX = [('web', 'en ligne'), ('telephone', 'par téléphone'), ('papier', 'sur papier'), ('porte', 'à l’entrée')]


class Migration(migrations.Migration):
    dependencies = [('rencontres', '0003_recolte')]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterModelOptions(
                    name='inscription',
                    options={'ordering': ['evenement', 'inscrite_le', 'pk'], 'verbose_name': 'inscription à une rencontre', 'verbose_name_plural': 'inscriptions aux rencontres'},
                ),
                migrations.RemoveIndex(model_name='inscription', name='rencontre_file'),
                migrations.RenameField(model_name='inscription', old_name='rencontre', new_name='evenement'),
                migrations.AlterField(
                    model_name='inscription',
                    name='evenement',
                    field=models.ForeignKey(db_column='rencontre_id', on_delete=django.db.models.deletion.PROTECT, related_name='inscriptions', to='rencontres.rencontre', verbose_name='rencontre'),
                ),
                migrations.AddIndex(
                    model_name='inscription',
                    index=models.Index(models.F('evenement'), models.F('etat'), models.F('inscrite_le'), name='rencontre_file'),
                ),
            ],
        ),
        migrations.AlterField(
            model_name='inscription',
            name='canal',
            field=models.CharField(choices=CANAUX, db_default='web', default='web', max_length=10, verbose_name='reçue'),
        ),
        migrations.AlterField(
            model_name='inscription',
            name='etat',
            field=models.CharField(choices=ETATS, default='inscrite', max_length=12, verbose_name='état'),
        ),
        migrations.AlterField(
            model_name='reglementrencontres',
            name='inscriptions_par_boite',
            field=models.PositiveSmallIntegerField(db_default=4, default=4, help_text='Une famille s’inscrit avec une seule adresse. L’accueil peut en inscrire davantage.', validators=[django.core.validators.MinValueValidator(1)], verbose_name='inscriptions pour une adresse de courriel'),
        ),
        migrations.AlterField(
            model_name='reglementrencontres',
            name='offre_jours',
            field=models.PositiveSmallIntegerField(db_default=2, default=2, help_text='Ensuite, elle va à la personne suivante. 0 : une place libre est donnée, sans demander.', verbose_name='une place proposée attend une réponse (jours)'),
        ),
        migrations.AlterField(
            model_name='reglementrencontres',
            name='part_sans_courriel',
            field=models.PositiveSmallIntegerField(db_default=30, default=30, help_text='Au-delà, ces personnes entrent en liste d’attente : un agent les inscrit, ou leur propose une place. 0 : en ligne, l’adresse est demandée.', validators=[django.core.validators.MaxValueValidator(100)], verbose_name='places données en ligne sans adresse de courriel (%)'),
        ),
        migrations.AlterField(
            model_name='reglementrencontres',
            name='rappels_jours',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(validators=[django.core.validators.MaxValueValidator(60)]), blank=True, db_default=[7, 1], default=participation.inscriptions.models.rappels_de_depart, size=None, verbose_name='rappels aux personnes inscrites (jours avant)'),
        ),
    ]
