"""The clock of the CCSPL. Celery finds the tasks here, whatever the room."""

from ccspl.tasks.renouvellement import clore_appels, purger_candidatures
from ccspl.tasks.vie import resumer_le_mois

__all__ = ["clore_appels", "purger_candidatures", "resumer_le_mois"]
