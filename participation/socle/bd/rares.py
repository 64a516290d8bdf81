"""Reading what is rare: the planner guesses badly how many rows have given words."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def par_les_mots() -> Iterator[None]:
    """Have the queries in this block read the index of what they look for, not walk a table until enough is found.

    The planner takes a word for more common than it is, and a limit then makes it walk the table in the order of its
    keys: to its end, if nobody wrote the word.
    """
    with transaction.atomic(), connection.cursor() as curseur:
        curseur.execute("SET LOCAL enable_indexscan = off; SET LOCAL enable_seqscan = off")
        yield
        # Of the transaction, which may be of the caller: an error undoes them.
        curseur.execute("SET LOCAL enable_indexscan = on; SET LOCAL enable_seqscan = on")
