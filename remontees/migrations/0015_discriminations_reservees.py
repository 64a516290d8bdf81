"""What is in the circuit of the discriminations already is reserved too."""

from typing import Any

from django.db import migrations


def reserver(apps: Any, schema_editor: Any) -> None:
    siennes = apps.get_model("remontees", "Remontee").objects.filter(est_discrimination=True)
    apps.get_model("socle", "Dossier").objects.filter(pk__in=siennes.values("pk")).update(est_reserve=True)


class Migration(migrations.Migration):
    dependencies = [("remontees", "0014_courriers"), ("socle", "0013_dossiers_reserves")]

    operations = [migrations.RunPython(reserver, migrations.RunPython.noop)]
