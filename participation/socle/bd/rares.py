"""Reading what is rare or common: the planner guesses badly how many rows have given words."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from django.db import connection, transaction


def par_les_mots() -> AbstractContextManager[None]:
    """Have the queries in this block read the index of what they look for, not walk a table until enough is found.

    The planner takes a word for more common than it is, and a limit then makes it walk the table in the order of its
    keys: to its end, if nobody wrote the word.
    """
    return _sans("enable_indexscan", "enable_seqscan")


def par_les_cles() -> AbstractContextManager[None]:
    """Have the queries in this block walk the last keys until enough is found.

    The index of a common word gives all that have it, each then read again, before the first is kept.
    """
    return _sans("enable_bitmapscan", "enable_hashjoin")


@contextmanager
def _sans(*chemins: str) -> Iterator[None]:
    with transaction.atomic(), connection.cursor() as curseur:
        curseur.execute("; ".join(f"SET LOCAL {chemin} = off" for chemin in chemins))
        yield
        # Of the transaction, which may be of the caller: an error undoes them.
        curseur.execute("; ".join(f"SET LOCAL {chemin} = on" for chemin in chemins))
