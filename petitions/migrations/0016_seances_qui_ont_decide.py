"""The decisions already taken in a séance say in which one."""

from django.db import migrations


def nommer_les_seances(apps, schema_editor):
    Petition = apps.get_model("petitions", "Petition")
    liens = apps.get_model("seances", "PointDossier").objects.exclude(decision="")
    for dossier, seance in liens.filter(dossier__petition__decidee_le__isnull=False).values_list(
        "dossier", "point__seance"
    ):
        Petition.objects.filter(pk=dossier).update(decidee_en_seance=seance)


class Migration(migrations.Migration):
    dependencies = [("petitions", "0015_avis_du_comite")]
    operations = [migrations.RunPython(nommer_les_seances, migrations.RunPython.noop)]
