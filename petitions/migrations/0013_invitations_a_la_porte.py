"""The traces and limits of invitations go to the gate of the socle, for all apps.

The former columns and table are kept in the database, with defaults: the version before this one still writes them. They
are dropped by a later version.
"""

from django.db import migrations, models

CHAMPS = {"par_jour": 100, "par_adresse_et_jour": 2, "memoire_jours": 365}


class Migration(migrations.Migration):
    dependencies = [("petitions", "0012_contraintes_dites"), ("socle", "0025_porte")]

    operations = [
        *(
            migrations.AlterField(
                "reglageinvitations",
                champ,
                models.PositiveSmallIntegerField(default=valeur, db_default=valeur),
            )
            for champ, valeur in CHAMPS.items()
        ),
        migrations.RunSQL(
            [
                "INSERT INTO socle_reglageporte (id, par_personne, par_personne_et_adresse, par_adresse,"
                " par_reseau_et_adresse, par_reseau, par_domaine, memoire_jours)"
                " SELECT 1, par_jour, par_adresse_et_jour, greatest(10, par_adresse_et_jour), 5, 200, 200, memoire_jours"
                " FROM petitions_reglageinvitations ON CONFLICT DO NOTHING",
                "INSERT INTO socle_tracelettre (nature, adresse, auteur, reseau, domaine, sujet, le)"
                " SELECT nature, adresse, auteur, '', '', 'petitions.petition.' || petition, le"
                " FROM petitions_traceinvitation",
            ],
            migrations.RunSQL.noop,
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                *(migrations.RemoveField("reglageinvitations", champ) for champ in CHAMPS),
                migrations.DeleteModel("TraceInvitation"),
            ]
        ),
    ]
