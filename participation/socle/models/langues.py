"""Languages of the public pages that somebody read: an agent who knows the language says so, or takes it back."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from participation.socle.models.champs import CleEtrangere
from participation.socle.models.suivi import ineffacable


class RelectureLangue(models.Model):
    """A line of the journal of one language: the last one says whether its sentences are read by a person.

    `empreinte` is that of the sentences that were read: others, in another version of the site, are not.
    """

    langue = models.CharField("langue", max_length=2)
    est_relue = models.BooleanField("relue")
    empreinte = models.CharField("empreinte des phrases", max_length=64)
    remarque = models.CharField("remarque", max_length=300, blank=True)
    par = CleEtrangere(settings.AUTH_USER_MODEL, related_name="+", verbose_name="par")
    le = models.DateTimeField("le", default=timezone.now, editable=False)

    class Meta:
        verbose_name = "relecture d’une langue"
        verbose_name_plural = "relectures des langues"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["langue", "-id"], name="relecture_langue_derniere")]
        triggers = [ineffacable("langue")]

    def __str__(self) -> str:
        return f"{self.langue} : {'relue' if self.est_relue else 'à relire'}"
