"""What is kept: a réclamation, and those who say « moi aussi » by their address alone."""

from typing import Any, ClassVar

from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse

from participation.socle.liens import Lien
from participation.socle.models import (
    CleEtrangere,
    Demandeur,
    Dossier,
    DossierQuerySet,
    Partie,
    PortePar,
    Scelle,
)
from tests.appli_essai import workflow


class Reclamation(Dossier):
    PREFIXE = "REC"
    TRANSITIONS = workflow.TRANSITIONS
    APPARENCES = workflow.APPARENCES
    SUJET = "la réclamation"

    etat = models.CharField("état", max_length=20, choices=workflow.Etat, default=workflow.Etat.RECUE)
    texte = models.TextField("ce qui est réclamé", max_length=2000)

    # Rows of its own table: without this line, they would be typed as dossiers.
    objects: ClassVar[Any] = DossierQuerySet.as_manager()

    class Meta:
        verbose_name = "réclamation"

    def get_public_url(self) -> str:
        return reverse("appli_essai:reclamation_publique", args=[self.pk])


class Appui(Scelle, Demandeur, Partie):
    """Somebody who has the same réclamation. Counted once their address is proved, once for each mailbox."""

    LIEN: ClassVar[Lien] = Lien("appli_essai.appui")
    CLE: ClassVar[str] = "appui"

    reclamation = CleEtrangere(
        Reclamation, on_delete=models.CASCADE, related_name="appuis", verbose_name="réclamation"
    )

    # Said, like that of the réclamation: the type checker knows the apps of INSTALLED_APPS alone.
    objects: ClassVar[models.Manager["Appui"]] = models.Manager()

    suivi = PortePar[Reclamation]("reclamation")

    class Meta:
        verbose_name = "appui"
        constraints = [
            models.UniqueConstraint(
                "reclamation",
                Lower("courriel"),
                name="appui_unique",
                violation_error_message="Cette adresse appuie déjà la réclamation.",
            )
        ]

    def __str__(self) -> str:
        return f"appui n° {self.pk}"

    @classmethod
    def jours_sans_preuve(cls) -> int:
        return 7  # an app that lives reads it in its règlement
