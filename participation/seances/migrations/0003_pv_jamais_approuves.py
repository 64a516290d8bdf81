"""What was submitted and not approved is no longer public: its PDFs were marked so with the others."""

from django.db import migrations
from django.db.models import Max, Q


def refermer(apps, schema_editor):
    VersionPV = apps.get_model("seances", "VersionPV")
    Document = apps.get_model("socle", "Document")
    for pv, approuvee in (
        VersionPV.objects.filter(motif="")
        .order_by()
        .values_list("proces_verbal")
        .annotate(numero=Max("numero"))
    ):
        avant = VersionPV.objects.filter(proces_verbal=pv, numero__lt=approuvee)
        Document.objects.filter(
            Q(pk__in=avant.values("document")) | Q(pk__in=avant.values("document_public")), est_public=True
        ).update(est_public=False)


class Migration(migrations.Migration):
    dependencies = [("seances", "0002_ancien_jour")]

    operations = [migrations.RunPython(refermer, migrations.RunPython.noop)]
