"""A base that has communes was loaded before parts were written down: nothing of its pack is loaded again."""

from django.db import migrations

PARTIES = ("territoire", "ccspl", "contrat_ville", "petitions", "remontees")


def noter(apps, schema_editor):
    if apps.get_model("socle", "Commune").objects.exists():
        partie = apps.get_model("socle", "PartieChargee")
        partie.objects.bulk_create([partie(partie=nom) for nom in PARTIES], ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("socle", "0006_parties_chargees")]

    operations = [migrations.RunPython(noter, migrations.RunPython.noop)]
