"""Erase old versions of rows: PostgreSQL keeps them in their page, with the number of their transaction."""

import logging
from typing import Any

from django.db import DatabaseError, connection
from django.db.models import BooleanField, Model, QuerySet
from django.db.models.expressions import RawSQL

journal = logging.getLogger(__name__)

# VACUUM keeps the old versions that may still be read: by an older snapshot of this database, or younger than
# the oldest transaction running on the server, even in another database (whose snapshot starts there).
N_EST_PLUS_LUE = """
    age({ligne}.xmin) > age(pg_snapshot_xmin(pg_current_snapshot())::xid)
    AND age({ligne}.xmin) > coalesce((
        SELECT max(greatest(age(a.backend_xmin), age(a.backend_xid))) FROM pg_stat_activity a
        WHERE coalesce(a.datname, current_database()) = current_database() AND a.pid <> pg_backend_pid()), 0)"""


def plus_lues(lignes: QuerySet[Any]) -> QuerySet[Any]:
    """Rows whose version before their last change can no longer be read by any transaction."""
    condition = N_EST_PLUS_LUE.format(ligne=connection.ops.quote_name(lignes.model._meta.db_table))
    return lignes.filter(RawSQL(condition, (), output_field=BooleanField()))  # noqa: S611 made here


def reecrire_tables(*modeles: type[Model]) -> bool:
    """Run VACUUM FULL on these tables, outside of a transaction.

    Returns False if a table could not be locked in time; the caller tries again later.
    """
    with connection.cursor() as curseur:
        try:
            # While VACUUM waits for a reader, new readers wait behind it, so it must not wait long.
            curseur.execute("SET lock_timeout = '2s'")
            for modele in modeles:
                curseur.execute(f"VACUUM (FULL) {connection.ops.quote_name(modele._meta.db_table)}")
        except DatabaseError as erreur:
            journal.warning("L’urne sera nettoyée au prochain passage : %s", erreur)
            return False
        finally:
            curseur.execute("RESET lock_timeout")
    return True
