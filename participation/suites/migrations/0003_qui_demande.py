"""What was written before under « promis » had no act of the metropolis behind it: it is what somebody asked."""

from typing import Any

from django.db import migrations

DEMANDEURS = {"avis": "la CCSPL", "petition": "la pétition"}


def dire_qui_demande(apps: Any, schema_editor: Any) -> None:
    suites = apps.get_model("suites", "Suite").objects
    for nature, qui in DEMANDEURS.items():
        suites.filter(dossier__nature=nature).update(demandee_par=qui)


class Migration(migrations.Migration):
    dependencies = [("suites", "0002_demande_ou_promesse")]

    operations = [migrations.RunPython(dire_qui_demande, migrations.RunPython.noop)]
