"""Model of a réclamation."""

from typing import Any, ClassVar

from django.db import models

from participation.socle.models import Dossier, DossierQuerySet
from tests.appli_essai import workflow


class Reclamation(Dossier):
    PREFIXE = "REC"
    TRANSITIONS = workflow.TRANSITIONS
    APPARENCES = workflow.APPARENCES

    etat = models.CharField("état", max_length=20, choices=workflow.Etat, default=workflow.Etat.RECUE)

    # Rows of its own table: without this line, they would be typed as dossiers.
    objects: ClassVar[Any] = DossierQuerySet.as_manager()

    class Meta:
        verbose_name = "réclamation"
