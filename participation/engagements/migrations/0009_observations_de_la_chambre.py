import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('engagements', '0008_etudes'),
        ('seances', '0005_articles_cites'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='etude',
            options={'verbose_name': 'étude ou contrôle', 'verbose_name_plural': 'études et contrôles'},
        ),
        migrations.AlterField(
            model_name='etude',
            name='etat',
            field=models.CharField(choices=[('deposee', 'déposé'), ('publiee', 'publié'), ('presentee', 'entendu par le conseil')], default='deposee', max_length=10, verbose_name='état'),
        ),
        migrations.AlterField(
            model_name='etude',
            name='instance',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='seances.instance', verbose_name='commission'),
        ),
    ]
