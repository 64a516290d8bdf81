"""Removing the traces of deleted ballots from the tables of a secret vote.

A deleted row keeps the number of the transaction that wrote it, which is also that of the voter's émargement.
Rewriting both tables (VACUUM FULL) after the close removes it.
"""

from django.db import transaction
from django.utils import timezone

from participation.seances.models import Bulletin, Emargement, Vote
from participation.seances.workflow import EtatVote
from participation.socle.bd.traces import plus_lues, reecrire_tables


def nettoyer_urnes() -> int:
    """Rewrite the tables for the secret votes closed or cancelled. Return how many votes are now clean.

    Returns 0 when a table is in use: the next run tries again.
    """
    fermes = Vote.objects.filter(forme=Vote.Forme.SECRET, urne_nettoyee_le=None).exclude(etat=EtatVote.OUVERT)
    votes = list(plus_lues(fermes).values_list("pk", flat=True))
    if not votes or not reecrire_tables(Bulletin, Emargement):
        return 0
    with transaction.atomic():
        return Vote.objects.filter(pk__in=votes).update(urne_nettoyee_le=timezone.now())
