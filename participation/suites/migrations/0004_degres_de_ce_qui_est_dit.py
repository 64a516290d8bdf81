"""The degree of what was already said: a refusal, what is out of reach, what is done with evidence."""

from typing import Any

from django.db import migrations


def dire(apps: Any, schema_editor: Any) -> None:
    suites = apps.get_model("suites", "Suite").objects
    suites.filter(etat="non_suivie").update(degre="refus")
    suites.filter(etat="hors_competence").update(degre="sans_objet")
    suites.filter(etat="realisee", preuves__isnull=False).update(degre="totale")


class Migration(migrations.Migration):
    dependencies = [("suites", "0003_degres_verdicts_suspensions")]

    operations = [migrations.RunPython(dire, migrations.RunPython.noop)]
