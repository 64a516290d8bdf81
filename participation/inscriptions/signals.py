"""The signal by which an event tells what it serves that its day, its hour or its place changed, or that it is called off."""

from django.dispatch import Signal

# Sent with `evenement` as it is now, `avant` (what ANNONCES held), `par` and `motif` ("" when no reason was asked), in the
# transaction of the act, before who is registered is written to.
evenement_change = Signal()
