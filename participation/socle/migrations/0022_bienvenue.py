from django.db import migrations, models
from django.db.models import F


def accueillir_qui_est_deja_venu(apps, schema_editor):
    """Who signed in before this page existed is no newcomer."""
    comptes = apps.get_model("socle", "Compte").objects.filter(last_login__isnull=False)
    comptes.update(accueilli_le=F("last_login"))


class Migration(migrations.Migration):

    dependencies = [
        ('socle', '0021_rythme_des_lettres'),
    ]

    operations = [
        migrations.AddField(
            model_name='compte',
            name='accueilli_le',
            field=models.DateTimeField(blank=True, null=True, verbose_name='a lu la page de bienvenue le'),
        ),
        migrations.RunPython(accueillir_qui_est_deja_venu, migrations.RunPython.noop),
    ]
