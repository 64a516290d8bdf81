"""A projet that was given a suite before its theme followed from its axe takes its name."""

from django.db import migrations
from django.db.models import Exists, OuterRef


def dire_le_theme(apps, schema_editor):
    dossiers = apps.get_model("socle", "Dossier")
    suites = apps.get_model("suites", "Suite").objects.filter(dossier=OuterRef("pk"))
    suivis = apps.get_model("contrat_ville", "Projet").objects.filter(Exists(suites), theme="", axe__isnull=False)
    for numero, axe in suivis.values_list("pk", "axe__nom"):
        dossiers.objects.filter(pk=numero).update(theme=axe[:120])


class Migration(migrations.Migration):
    dependencies = [("contrat_ville", "0003_mots_sans_lieu"), ("suites", "0001_initial"), ("socle", "0012_theme_des_dossiers")]

    operations = [migrations.RunPython(dire_le_theme, migrations.RunPython.noop)]
