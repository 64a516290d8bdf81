"""Photos were named after the key that opens the receipt: the key changes, and the name becomes ours."""

from django.db import migrations

# The old key was given to services: the receipt does not open with it any more.
CLES = """
UPDATE remontees_reception SET cle = gen_random_uuid()
FROM socle_piece
WHERE socle_piece.dossier_id = remontees_reception.remontee_id
  AND socle_piece.nom LIKE remontees_reception.cle::text || '.%'
"""
NOMS = r"""
UPDATE socle_piece SET nom = regexp_replace(nom, '^[0-9a-f-]{36}', 'photo-1')
WHERE nom ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.(jpg|png|webp)$'
"""


class Migration(migrations.Migration):
    dependencies = [("remontees", "0023_noms_des_photos"), ("socle", "0023_codes_des_lettres_ecrites")]

    operations = [
        migrations.RunSQL(CLES, migrations.RunSQL.noop),
        migrations.RunSQL(NOMS, migrations.RunSQL.noop),
    ]
