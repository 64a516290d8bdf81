from django.db import migrations

from participation.socle.bd.sceaux import AjouterSceau


class Migration(migrations.Migration):
    atomic = False  # the column is filled while the site serves

    dependencies = [("socle", "0026_passages_et_dossier")]

    operations = [AjouterSceau("compte"), AjouterSceau("demande")]
