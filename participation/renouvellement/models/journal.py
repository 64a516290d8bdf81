"""Journal of a campaign, and checklist of its installation."""

from django.conf import settings
from django.db import models

from participation.renouvellement.models.campagne import Campagne
from participation.socle.models import CleEtrangere, LigneDeJournal, Partie, PortePar, ineffacable


class EtapeInstallation(Partie):
    """Step of the installation checklist."""

    campagne = CleEtrangere(Campagne, related_name="etapes")
    ordre = models.PositiveSmallIntegerField("ordre", default=1)
    libelle = models.CharField("étape", max_length=160)
    aide = models.CharField("précision", max_length=300, blank=True)
    est_requise = models.BooleanField("nécessaire pour installer", default=False)
    faite_le = models.DateField("faite le", null=True, blank=True)
    faite_par = CleEtrangere(settings.AUTH_USER_MODEL, null=True, related_name="+")

    suivi = PortePar[Campagne]("campagne")

    class Meta:
        verbose_name = "étape de l’installation"
        verbose_name_plural = "étapes de l’installation"
        ordering = ["campagne", "ordre", "pk"]

    def __str__(self) -> str:
        return self.libelle


class EntreeCampagne(LigneDeJournal):
    """Line of the journal of a campaign, which the database protects. It names no candidate."""

    SUR = ("candidature",)

    campagne = CleEtrangere(Campagne, related_name="journal")
    candidature = CleEtrangere("renouvellement.Candidature", null=True, related_name="journal")

    class Meta(LigneDeJournal.Meta):
        verbose_name = "entrée du journal de campagne"
        verbose_name_plural = "journal des campagnes"
        triggers = [ineffacable("campagne")]

    @property
    def par_qui(self) -> str:
        return "par la personne" if self.par_id is None and self.candidature_id else super().par_qui
