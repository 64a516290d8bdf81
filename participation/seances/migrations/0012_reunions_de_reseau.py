"""What was called a plenary where nobody has a seat is a meeting."""

from django.db import migrations


def renommer(apps, schema_editor):
    Seance = apps.get_model("seances", "Seance")
    sans_siege = Seance.objects.filter(
        nature="pleniere", mandature__colleges__isnull=True, invites__isnull=False
    )
    Seance.objects.filter(pk__in=sans_siege.values("pk")).update(nature="reunion")


class Migration(migrations.Migration):
    dependencies = [("seances", "0011_nature_reunion")]

    operations = [migrations.RunPython(renommer, migrations.RunPython.noop)]
