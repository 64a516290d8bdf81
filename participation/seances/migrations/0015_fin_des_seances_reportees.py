from django.db import migrations

# The journal has always said when a séance was put off; the séance now says it too.
FINIR = """
    UPDATE seances_seance s SET levee_le = j.le
    FROM (SELECT seance_id, max(le) AS le FROM seances_entreeseance WHERE acte = 'reporter' GROUP BY seance_id) j
    WHERE j.seance_id = s.id AND s.etat = 'reportee' AND s.levee_le IS NULL"""


class Migration(migrations.Migration):
    dependencies = [("seances", "0014_sceau_des_liens")]

    operations = [migrations.RunSQL(FINIR, migrations.RunSQL.noop)]
