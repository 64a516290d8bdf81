"""The contours already imported go to their own table."""

from typing import Any

from django.db import migrations


def deplacer(apps: Any, schema_editor: Any) -> None:
    Contour = apps.get_model("socle", "Contour")
    for lieu in ("commune", "quartier"):
        traces = apps.get_model("socle", lieu).objects.exclude(contour=None).values_list("pk", "contour")
        Contour.objects.bulk_create(
            Contour(**{f"{lieu}_id": pk, "geometrie": geometrie}) for pk, geometrie in traces if geometrie
        )


def remettre(apps: Any, schema_editor: Any) -> None:
    for trace in apps.get_model("socle", "Contour").objects.all():
        lieu = "commune" if trace.commune_id else "quartier"
        porteurs = apps.get_model("socle", lieu).objects.filter(pk=getattr(trace, f"{lieu}_id"))
        porteurs.update(contour=trace.geometrie)


class Migration(migrations.Migration):
    dependencies = [("socle", "0017_contours")]

    operations = [migrations.RunPython(deplacer, remettre)]
