"""The signal by which an app tells its own people about a change of a suite, in the same transaction."""

from django.dispatch import Signal

# Sent with `suite` and `changement` (ChangementSuite: état, date or text), once the row and the journal line are written.
# The followers are written to right after, except addresses that already have a letter with `changement.cle_lettre`.
suite_changee = Signal()
