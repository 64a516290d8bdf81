"""The one signal of this floor: an app applies what a séance decided on one of its dossiers, in the same transaction."""

from django.dispatch import Signal

# Sent with `point_dossier` (PointDossier), `decision` (its code in the dossier's DECISIONS_DE_SEANCE), `par` (Compte),
# `reponses` (cleaned data of the decision's form) and `vote` (the Vote that decided, or None), once the row is written.
# A listener that refuses raises: nothing is kept, neither the decision nor what it would have changed.
decision_prise = Signal()
