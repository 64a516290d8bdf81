"""The box of a secret ballot, emptied of what the database keeps of rows deleted.

A row that is deleted keeps the number of the transaction that wrote it: that of the émargement of the same person. The tables
are written again without it, after the transaction that closed the vote.
"""

from django.db import transaction
from django.utils import timezone

from participation.seances.models import Bulletin, Emargement, Vote
from participation.seances.workflow import EtatVote
from participation.socle.bd.traces import plus_lues, reecrire_tables


def nettoyer_urnes() -> int:
    """Once a vote is closed or cancelled, nothing of the tables ties a ballot to a person. Returns how many boxes are clean."""
    fermes = Vote.objects.filter(forme=Vote.Forme.SECRET, urne_nettoyee_le=None).exclude(etat=EtatVote.OUVERT)
    votes = list(plus_lues(fermes).values_list("pk", flat=True))
    if not votes or not reecrire_tables(Bulletin, Emargement):
        return 0
    with transaction.atomic():
        return Vote.objects.filter(pk__in=votes).update(urne_nettoyee_le=timezone.now())
