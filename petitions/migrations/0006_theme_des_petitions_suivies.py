"""A pétition that was given a suite before its theme followed from its keywords takes the first of them."""

from django.db import migrations
from django.db.models import Exists, OuterRef


def dire_le_theme(apps, schema_editor):
    dossiers = apps.get_model("socle", "Dossier")
    suites = apps.get_model("suites", "Suite").objects.filter(dossier=OuterRef("pk"))
    suivies = apps.get_model("petitions", "Petition").objects.filter(Exists(suites), theme="").exclude(mots_cles=[])
    for numero, mots in suivies.values_list("pk", "mots_cles"):
        dossiers.objects.filter(pk=numero).update(theme=mots[0][:120])


class Migration(migrations.Migration):
    dependencies = [("petitions", "0005_langue_des_signatures"), ("suites", "0001_initial"), ("socle", "0012_theme_des_dossiers")]

    operations = [migrations.RunPython(dire_le_theme, migrations.RunPython.noop)]
