"""What members and organisers think of a panel: rows that lead to nobody."""

import uuid

from django.db import models
from django.db.models import Q

from participation.panels.models.panels import Panel
from participation.panels.workflow import Public
from participation.socle.models import CleEtrangere


class ReponseQuestionnaire(models.Model):
    """One answer. `cle`: a keyed hash of who gave it, so that it is given once or changed; none on paper."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    panel = CleEtrangere(Panel, on_delete=models.CASCADE, related_name="reponses")
    public = models.CharField("donnée par", max_length=14, choices=Public)
    cle = models.CharField("clé de la réponse", max_length=64, unique=True, null=True, editable=False)
    # One a question of the règlement, in its order: 1 (not at all) to 5 (wholly); 0 when it is not answered.
    notes = models.JSONField("réponses", default=list)
    mots = models.TextField("en quelques mots", max_length=1000, blank=True)

    class Meta:
        verbose_name = "réponse à un questionnaire"
        verbose_name_plural = "réponses aux questionnaires"
        ordering = ["panel", "public", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(notes=[]),
                name="reponse_questionnaire_dite",
                violation_error_message="Répondez à une question.",
            )
        ]

    def __str__(self) -> str:
        return self.get_public_display()
