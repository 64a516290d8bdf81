import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

UNIQUE = {
    'condition': models.Q(('courriel', ''), _negated=True),
    'name': 'cahier_adresse_unique',
}


class Migration(migrations.Migration):
    """A cahier d’acteur is one of any dossier: the key of its cadre was already that of a dossier.

    `date_cahiers` leaves the model; the next version drops its column.
    """

    dependencies = [
        ('cadres', '0004_cahiers'),
        ('socle', '0030_cahiers_jusqu_au'),
    ]

    operations = [
        migrations.RunSQL(
            'UPDATE socle_dossier d SET cahiers_jusqu_au = c.date_cahiers FROM cadres_cadre c'
            ' WHERE c.dossier_ptr_id = d.id AND c.date_cahiers IS NOT NULL',
            migrations.RunSQL.noop,
        ),
        migrations.AlterField(
            model_name='cahier',
            name='cadre',
            field=models.ForeignKey(db_column='cadre_id', on_delete=django.db.models.deletion.CASCADE, related_name='cahiers', to='socle.dossier', verbose_name='dossier'),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField(model_name='cadre', name='date_cahiers'),
                migrations.RemoveConstraint(model_name='cahier', name='cahier_adresse_unique'),
                migrations.RenameField(model_name='cahier', old_name='cadre', new_name='dossier'),
                migrations.AlterModelOptions(
                    name='cahier',
                    options={'ordering': ['dossier', 'organisation', 'pk'], 'verbose_name': 'cahier d’acteur', 'verbose_name_plural': 'cahiers d’acteurs'},
                ),
                migrations.AddConstraint(
                    model_name='cahier',
                    constraint=models.UniqueConstraint(models.F('dossier'), django.db.models.functions.text.Lower('courriel'), violation_error_message='Cette adresse a déjà un cahier ici.', **UNIQUE),
                ),
            ],
        ),
    ]
