from django.db import migrations

from participation.socle.bd.sceaux import AjouterSceau


class Migration(migrations.Migration):
    atomic = False  # the column is filled while the site serves

    dependencies = [("petitions", "0013_invitations_a_la_porte")]

    operations = [AjouterSceau("copetitionnaire"), AjouterSceau("petition"), AjouterSceau("signature")]
