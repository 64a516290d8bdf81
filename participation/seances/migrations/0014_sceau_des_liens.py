from django.db import migrations

from participation.socle.bd.sceaux import AjouterSceau


class Migration(migrations.Migration):
    atomic = False  # the column is filled while the site serves

    dependencies = [("seances", "0013_lien_suivi")]

    operations = [AjouterSceau("convie")]
