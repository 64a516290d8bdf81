"""The column that signed links are signed with, added while the site serves. For migrations only."""

import uuid
from typing import Any

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.migrations import AddField

LOT = 20_000  # keys looked at in one statement

NEUVE = """
ALTER TABLE {table} ADD COLUMN IF NOT EXISTS sceau uuid;
ALTER TABLE {table} ALTER COLUMN sceau SET DEFAULT gen_random_uuid()
"""
REMPLIR = """
UPDATE {table} SET sceau = gen_random_uuid() WHERE sceau IS NULL AND {cle} > %s AND {cle} <= %s
"""
# The check is proved without a lock; with it, NOT NULL reads no row.
EXIGER = """
ALTER TABLE {table} DROP CONSTRAINT IF EXISTS sceau_exige;
ALTER TABLE {table} ADD CONSTRAINT sceau_exige CHECK (sceau IS NOT NULL) NOT VALID;
ALTER TABLE {table} VALIDATE CONSTRAINT sceau_exige;
ALTER TABLE {table} ALTER COLUMN sceau SET NOT NULL;
ALTER TABLE {table} DROP CONSTRAINT sceau_exige
"""


class AjouterSceau(AddField):
    """Add `Scelle.sceau` to a table, in a migration that is not `atomic`.

    A default drawn row by row makes PostgreSQL write the whole table again, closed to everybody meanwhile: 46 s
    for two million signatures. Here each statement is short, and a migration that stops may be started again.
    """

    def __init__(self, model_name: str) -> None:
        sceau: Any = models.UUIDField(
            "sceau des liens", default=uuid.uuid4, db_default=RandomUUID(), editable=False
        )
        super().__init__(model_name, "sceau", sceau)

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        modele = to_state.apps.get_model(app_label, self.model_name)
        noms = {
            "table": schema_editor.quote_name(modele._meta.db_table),
            "cle": schema_editor.quote_name(modele._meta.pk.column),
        }
        for ordre in NEUVE.format(**noms).split(";"):
            schema_editor.execute(ordre)
        fin = modele._base_manager.order_by("-pk").values_list("pk", flat=True).first() or 0
        for debut in range(0, fin, LOT):
            schema_editor.execute(REMPLIR.format(**noms), (debut, debut + LOT))
        for ordre in EXIGER.format(**noms).split(";"):
            schema_editor.execute(ordre)
