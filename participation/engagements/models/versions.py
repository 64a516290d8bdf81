"""A proposition in Facile à lire, or in another language than French."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from participation.engagements.models.propositions import Proposition
from participation.socle.models import CleEtrangere

FACILE = "falc"
VERSIONS = [
    (FACILE, "Facile à lire"),
    *((code, nom) for code, nom in settings.LANGUAGES if code != settings.LANGUAGE_CODE),
]


class VersionDeProposition(models.Model):
    """A proposition and its answer in Facile à lire, or in another language: printed beside the French."""

    proposition = CleEtrangere(Proposition, on_delete=models.CASCADE, related_name="versions")
    langue = models.CharField("version", max_length=4, choices=VERSIONS)
    titre = models.CharField("en une phrase", max_length=160)
    texte = models.TextField("la proposition", max_length=8000)
    retour = models.TextField("la réponse", max_length=8000, blank=True)
    # Fingerprint of the French that was translated: another one says that the version is old.
    empreinte = models.CharField("empreinte du français", max_length=32, editable=False)
    le = models.DateTimeField("écrite le", default=timezone.now)

    class Meta:
        verbose_name = "version d’une proposition"
        verbose_name_plural = "versions des propositions"
        ordering = ["proposition", "langue"]
        constraints = [
            models.UniqueConstraint(
                "proposition",
                "langue",
                name="version_de_proposition_unique",
                violation_error_message="Cette version existe déjà.",
            )
        ]

    def __str__(self) -> str:
        return self.get_langue_display()
