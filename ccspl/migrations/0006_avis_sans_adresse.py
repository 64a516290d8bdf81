"""What was noted as sent and left nothing: no letter, no address. A direction has no address of its own here, and its letter may have
been erased since: of those, the ones written to in the last months alone are certain.
"""

from datetime import timedelta

from django.db import migrations
from django.db.models import Q
from django.utils import timezone

LETTRES_GARDEES = timedelta(days=90)


def dire(apps, _):
    recentes = Q(envoyee_le__gte=timezone.now() - LETTRES_GARDEES)
    sans_lettre = apps.get_model("ccspl", "Transmission").objects.filter(
        ~Q(nature="direction") | recentes, courriel=None, adresse="", accusee_le=None
    )
    sans_lettre.exclude(avis__etat="clos").update(est_sans_adresse=True)


class Migration(migrations.Migration):
    dependencies = [("ccspl", "0005_remise_de_l_avis")]

    operations = [migrations.RunPython(dire, migrations.RunPython.noop)]
