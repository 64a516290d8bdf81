from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def dire(apps: Apps, editeur: BaseDatabaseSchemaEditor) -> None:
    """What 0006 left for want of a letter: an avis still owed an answer, sent to a direction that has no address today.

    Brought already, it costs an agent one click to say so; never received, nobody would have known.
    """
    muettes = (
        apps.get_model("socle", "Direction")
        .objects.filter(courriel="")
        .exclude(referents__in=apps.get_model("socle", "Compte").objects.filter(is_active=True))
    )
    apps.get_model("ccspl", "Transmission").objects.filter(
        nature="direction",
        direction__in=muettes.values("pk"),
        courriel=None,
        accusee_le=None,
        date_remise=None,
        avis__etat="transmis",
    ).update(est_sans_adresse=True)


class Migration(migrations.Migration):
    dependencies = [("ccspl", "0006_avis_sans_adresse"), ("socle", "0020_courriers")]

    operations = [migrations.RunPython(dire, migrations.RunPython.noop)]
