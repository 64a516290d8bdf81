"""The one signal of this floor: an app tells its own people what became of a suite, in the same transaction."""

from django.dispatch import Signal

# Sent with `suite` and `changement` (ChangementSuite: état, date or text), once the row and the journal line are written.
# Letters written under `changement.cle_lettre` are not doubled by those of the followers, written right after.
suite_changee = Signal()
