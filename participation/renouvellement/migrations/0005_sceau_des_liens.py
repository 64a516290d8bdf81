from django.db import migrations

from participation.socle.bd.sceaux import AjouterSceau


class Migration(migrations.Migration):
    atomic = False  # the column is filled while the site serves

    dependencies = [("renouvellement", "0004_qui_nomme")]

    operations = [AjouterSceau("candidature")]
