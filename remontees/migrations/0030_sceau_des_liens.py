from django.db import migrations

from participation.socle.bd.sceaux import AjouterSceau


class Migration(migrations.Migration):
    atomic = False  # the column is filled while the site serves

    dependencies = [("remontees", "0029_tableaux_lus_a_part")]

    operations = [AjouterSceau("attribution"), AjouterSceau("remontee"), AjouterSceau("satisfaction")]
