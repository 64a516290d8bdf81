from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('engagements', '0006_temps_forts'),
    ]

    operations = [
        migrations.AddField(
            model_name='tempsfort',
            name='raison',
            field=models.TextField(blank=True, db_default='', default='', max_length=1000, verbose_name='raison du changement'),
        ),
        migrations.AlterField(
            model_name='tempsfort',
            name='etat',
            field=models.CharField(choices=[('a_preparer', 'à préparer'), ('tenu', 'tenu'), ('clos', 'clos'), ('annule', 'annulé')], default='a_preparer', max_length=12, verbose_name='état'),
        ),
    ]
