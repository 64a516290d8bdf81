"""The codes of the letters already written are erased: their subject was read in the list of letters."""

from django.db import migrations

CODES = """
UPDATE socle_courriel SET
    est_secrete = true,
    sujet = CASE WHEN acte = '' THEN regexp_replace(sujet, '^[0-9A-Za-z-]{4,} : ', '') ELSE sujet END,
    corps = CASE WHEN acte = '' AND etat = 'envoye' THEN '' ELSE corps END,
    corps_html = CASE WHEN acte = '' AND etat = 'envoye' THEN '' ELSE corps_html END
WHERE acte IN ('', 'contrat_ville/code_de_vote')
"""


class Migration(migrations.Migration):
    dependencies = [("socle", "0022_lettres_secretes")]

    operations = [migrations.RunSQL(CODES, migrations.RunSQL.noop)]
