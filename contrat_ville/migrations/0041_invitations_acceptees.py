"""Who is invited into a team accepts first; a request for a forum holds no seat; the limits go to the gate.

The former columns are kept in the database, with defaults: the version before this one still writes them. They are
dropped by a later version.
"""

import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import Now

from participation.socle.models.champs import CleEtrangere

CHAMPS = {
    ("reglementdepot", "invitations_par_personne"): 30,
    ("reglementdepot", "invitations_par_adresse"): 2,
    ("reglementdepot", "invitations_par_domaine"): 100,
    ("reglementinterquartiers", "garde_place_heures"): 24,
}


class Migration(migrations.Migration):
    dependencies = [
        ("contrat_ville", "0040_places_gardees"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            "equipier",
            "rejoint_le",
            models.DateTimeField(
                "a rejoint l’équipe le",
                blank=True,
                db_default=Now(),
                default=django.utils.timezone.now,
                editable=False,
                null=True,
            ),
        ),
        migrations.AddField(
            "equipier",
            "invite_par",
            CleEtrangere(settings.AUTH_USER_MODEL, null=True, related_name="+", verbose_name="invité par"),
        ),
        migrations.AlterField(
            "inscriptionforum",
            "etat",
            models.CharField(
                "état",
                max_length=10,
                choices=[
                    ("inscrite", "place réservée"),
                    ("attente", "en liste d’attente"),
                    ("annulee", "inscription annulée"),
                    ("rendue", "adresse à confirmer"),
                ],
                default="inscrite",
            ),
        ),
        *(
            migrations.AlterField(
                modele, champ, models.PositiveSmallIntegerField(default=valeur, db_default=valeur)
            )
            for (modele, champ), valeur in CHAMPS.items()
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField(modele, champ) for modele, champ in CHAMPS]
        ),
    ]
