"""The clock of the CCSPL. Celery finds the tasks here, whatever the room."""

from ccspl.tasks.vie import resumer_le_mois

__all__ = ["resumer_le_mois"]
