from django.db import migrations

from participation.socle.bd.sceaux import AjouterSceau


class Migration(migrations.Migration):
    atomic = False  # the column is filled while the site serves

    dependencies = [("ccspl", "0007_directions_sans_adresse")]

    operations = [AjouterSceau("transmission")]
