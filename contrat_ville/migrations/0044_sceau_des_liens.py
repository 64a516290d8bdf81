from django.db import migrations

from participation.socle.bd.sceaux import AjouterSceau


class Migration(migrations.Migration):
    atomic = False  # the column is filled while the site serves

    dependencies = [("contrat_ville", "0043_codes_remis_en_nombre")]

    operations = [AjouterSceau("auteuridee"), AjouterSceau("idee"), AjouterSceau("inscriptionforum"), AjouterSceau("tableforum")]
