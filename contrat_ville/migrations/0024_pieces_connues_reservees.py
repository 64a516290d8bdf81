"""The papers that name people or hold bank details, where they were there already."""

from django.db import migrations

RESERVEES = ("dirigeants", "rib", "delegation")


def reserver(apps, schema_editor):
    apps.get_model("contrat_ville", "TypePiece").objects.filter(code__in=RESERVEES).update(est_reservee=True)


class Migration(migrations.Migration):
    dependencies = [("contrat_ville", "0023_pieces_reservees")]

    operations = [migrations.RunPython(reserver, migrations.RunPython.noop)]
