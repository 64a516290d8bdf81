"""Training results of the classifier, and history of the routing rules."""

from django.db import models
from django.utils import timezone

from participation.socle.francais import jour_texte
from participation.socle.models import CleEtrangere, Compte
from remontees.models.referentiel import RegleDeRoutage


class Apprentissage(models.Model):
    """Result of one night's training, with its accuracy on unseen texts. The last row proposes categories."""

    appris_le = models.DateTimeField("appris le", default=timezone.now)
    exemples = models.PositiveIntegerField("remontées lues", default=0)
    mesures = models.PositiveIntegerField("remontées mises de côté pour mesurer", default=0)
    premiere = models.PositiveIntegerField("première proposition juste", default=0)
    parmi_trois = models.PositiveIntegerField("juste parmi les trois", default=0)
    frequente = models.PositiveIntegerField("juste en disant toujours la plus fréquente", default=0)
    secondes = models.FloatField("durée (secondes)", default=0)
    par_categorie = models.JSONField("par catégorie", default=dict)
    modele = models.JSONField("modèle", default=dict)

    class Meta:
        verbose_name = "apprentissage"
        ordering = ["-appris_le", "-pk"]

    def __str__(self) -> str:
        return f"apprentissage du {jour_texte(self.appris_le, 'chiffres')}"


class ChangementDeRegle(models.Model):
    """One change of a routing rule: author, date, values before and after. Never modified."""

    regle = CleEtrangere(RegleDeRoutage, related_name="changements", verbose_name="règle")
    par = CleEtrangere(Compte, null=True, related_name="+")
    le = models.DateTimeField("le", default=timezone.now)
    avant = models.JSONField("avant", default=dict)
    apres = models.JSONField("après", default=dict)
    deplacees = models.PositiveSmallIntegerField("remontées récentes qui iraient ailleurs", default=0)

    class Meta:
        verbose_name = "changement d’une règle de routage"
        verbose_name_plural = "changements des règles de routage"
        ordering = ["-le", "-pk"]

    def __str__(self) -> str:
        return f"{self.regle} le {jour_texte(self.le, 'chiffres')}"
