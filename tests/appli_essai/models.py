"""Model of a réclamation."""

from django.db import models

from participation.socle.models import Dossier
from tests.appli_essai import workflow


class Reclamation(Dossier):
    PREFIXE = "REC"
    TRANSITIONS = workflow.TRANSITIONS
    APPARENCES = workflow.APPARENCES

    etat = models.CharField("état", max_length=20, choices=workflow.Etat, default=workflow.Etat.RECUE)

    class Meta:
        verbose_name = "réclamation"
