"""The box of a secret ballot, emptied of what the database keeps of rows deleted.

A row that is deleted stays in its page, with the number of the transaction that wrote it: that of the émargement of the same
person. VACUUM FULL writes the tables again without it. It runs outside of a transaction, after the one that closed the vote.
"""

import logging

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from participation.seances.models import Bulletin, Emargement, Vote
from participation.seances.workflow import EtatVote

journal = logging.getLogger(__name__)

# VACUUM keeps the copies that may still be read: by an older snapshot of this database, and whatever is younger than the oldest
# transaction under way on the server, be it in another database (its own snapshot begins there). These votes wait for a turn.
A_NETTOYER = """
    SELECT v.id FROM seances_vote v
    WHERE v.forme = %s AND v.etat <> %s AND v.urne_nettoyee_le IS NULL
    AND age(v.xmin) > age(pg_snapshot_xmin(pg_current_snapshot())::xid)
    AND age(v.xmin) > coalesce((
        SELECT max(greatest(age(a.backend_xmin), age(a.backend_xid))) FROM pg_stat_activity a
        WHERE coalesce(a.datname, current_database()) = current_database() AND a.pid <> pg_backend_pid()), 0)"""


def nettoyer_urnes() -> int:
    """Once a vote is closed or cancelled, nothing of the tables ties a ballot to a person. Returns how many boxes are clean."""
    with connection.cursor() as curseur:
        curseur.execute(A_NETTOYER, [Vote.Forme.SECRET, EtatVote.OUVERT])
        votes = [numero for (numero,) in curseur.fetchall()]
        if not votes:
            return 0
        try:
            # A reader of these tables makes us wait, and who comes after waits behind us: not for long.
            curseur.execute("SET lock_timeout = '2s'")
            for modele in (Bulletin, Emargement):
                curseur.execute(f"VACUUM (FULL) {connection.ops.quote_name(modele._meta.db_table)}")
        except DatabaseError as erreur:
            journal.warning("L’urne sera nettoyée au prochain passage : %s", erreur)
            return 0
        finally:
            curseur.execute("RESET lock_timeout")
    with transaction.atomic():
        return Vote.objects.filter(pk__in=votes).update(urne_nettoyee_le=timezone.now())
