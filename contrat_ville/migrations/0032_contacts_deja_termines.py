from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F


def dater(apps: Apps, editeur: BaseDatabaseSchemaEditor) -> None:
    """What ended before the day was kept ended when its état last changed: it may be suggested again as the others."""
    voisins = apps.get_model("contrat_ville", "Voisin").objects
    voisins.filter(etat__in=("decline", "rompu"), fini_le=None).update(fini_le=F("depuis_le"))


class Migration(migrations.Migration):
    dependencies = [("contrat_ville", "0031_conservation_du_reseau")]

    operations = [migrations.RunPython(dater, migrations.RunPython.noop)]
