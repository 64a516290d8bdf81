"""The one signal of this floor: an app tells its own people what became of a suite, in the same transaction."""

from django.dispatch import Signal

# Sent with `suite`, by `actions.changer_etat`, once the row and the journal line are written.
suite_changee = Signal()
