from django.db import migrations

from participation.socle.bd.sceaux import AjouterSceau


class Migration(migrations.Migration):
    atomic = False  # the column is filled while the site serves

    dependencies = [("suites", "0004_index_du_rendu_compte")]

    operations = [AjouterSceau("suite")]
