"""The name of the site was written as « service, collectivité »: each half goes to its own column."""

from django.db import migrations


def separer(apps, schema_editor):
    for ligne in apps.get_model("socle", "ReglageService").objects.filter(nom=""):
        service, virgule, nom = ligne.nom_service.partition(", ")
        if virgule and nom:
            ligne.nom_service, ligne.nom = service, nom
            ligne.save(update_fields=["nom_service", "nom"])


class Migration(migrations.Migration):
    dependencies = [("socle", "0002_collectivite")]

    operations = [migrations.RunPython(separer, migrations.RunPython.noop)]
