"""The « facile à lire » texts become a language among others (`socle.Traduction`), whole, under their first paragraph."""

import re

from django.db import migrations


def reprendre(apps, schema_editor):
    Petition = apps.get_model("petitions", "Petition")
    Traduction = apps.get_model("socle", "Traduction")
    Dossier = apps.get_model("socle", "Dossier")
    ecrites = Petition.objects.exclude(texte_facile="").values_list(
        "pk", "titre", "demande", "texte_facile", "modifie_le"
    )
    for numero, titre, demande, texte, le in ecrites.iterator():
        premier = next((m.strip() for m in re.split(r"\n\s*\n", demande) if m.strip()), titre)
        Traduction.objects.get_or_create(
            dossier_id=numero,
            langue="falc",
            defaults={"en_ligne": {"demande": [[premier, texte, ""]]}, "en_ligne_le": le},
        )
        Dossier.objects.filter(pk=numero).update(est_en_facile=True)


class Migration(migrations.Migration):
    dependencies = [("petitions", "0006_theme_des_petitions_suivies"), ("socle", "0020_traductions")]

    operations = [migrations.RunPython(reprendre, migrations.RunPython.noop)]
