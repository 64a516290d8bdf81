"""What the database keeps of rows deleted: a row stays in its page, with the number of the transaction that wrote it."""

import logging
from typing import Any

from django.db import DatabaseError, connection
from django.db.models import BooleanField, Model, QuerySet
from django.db.models.expressions import RawSQL

journal = logging.getLogger(__name__)

# VACUUM keeps the copies that may still be read: by an older snapshot of this database, and whatever is younger than the oldest
# transaction under way on the server, be it in another database (its own snapshot begins there).
N_EST_PLUS_LUE = """
    age({ligne}.xmin) > age(pg_snapshot_xmin(pg_current_snapshot())::xid)
    AND age({ligne}.xmin) > coalesce((
        SELECT max(greatest(age(a.backend_xmin), age(a.backend_xid))) FROM pg_stat_activity a
        WHERE coalesce(a.datname, current_database()) = current_database() AND a.pid <> pg_backend_pid()), 0)"""


def plus_lues(lignes: QuerySet[Any]) -> QuerySet[Any]:
    """Those that nobody reads any more as they were before their last change."""
    condition = N_EST_PLUS_LUE.format(ligne=connection.ops.quote_name(lignes.model._meta.db_table))
    return lignes.filter(RawSQL(condition, (), output_field=BooleanField()))  # noqa: S611 made here


def reecrire_tables(*modeles: type[Model]) -> bool:
    """VACUUM FULL, outside of a transaction. False when somebody reads them: it is for another turn."""
    with connection.cursor() as curseur:
        try:
            # A reader of these tables makes us wait, and who comes after waits behind us: not for long.
            curseur.execute("SET lock_timeout = '2s'")
            for modele in modeles:
                curseur.execute(f"VACUUM (FULL) {connection.ops.quote_name(modele._meta.db_table)}")
        except DatabaseError as erreur:
            journal.warning("L’urne sera nettoyée au prochain passage : %s", erreur)
            return False
        finally:
            curseur.execute("RESET lock_timeout")
    return True
