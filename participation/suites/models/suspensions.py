"""Stops of the clock of a suite, each with its public reason."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from participation.socle.erreurs import ActeInterdit, ErreurMetier, Manque
from participation.socle.francais import jour_texte, periode_texte
from participation.socle.models import CleEtrangere, Compte, Partie, PortePar
from participation.suites.models.suites import Suite
from participation.suites.regles import Arret, horloge
from participation.suites.workflow import Raison


class SuspensionSuite(Partie):
    """The clock of a suite is stopped from `debut`, and runs again on `fin`; None: nobody knows yet when."""

    suite = CleEtrangere(Suite, related_name="suspensions")
    raison = models.CharField("raison", max_length=12, choices=Raison)
    precision = models.CharField("précision", max_length=200, blank=True)
    debut = models.DateField("arrêté le")
    fin = models.DateField("court de nouveau le", null=True, blank=True)
    par = CleEtrangere(settings.AUTH_USER_MODEL, null=True, related_name="+")

    suivi = PortePar[Suite]("suite")

    class Meta:
        verbose_name = "arrêt du délai"
        verbose_name_plural = "arrêts du délai"
        ordering = ["-debut", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(fin__isnull=True) | Q(fin__gte=F("debut")),
                name="suspension_suite_ordonnee",
                violation_error_message="Le délai ne peut pas courir de nouveau avant d’être arrêté.",
            ),
            models.UniqueConstraint(
                "suite",
                condition=Q(fin__isnull=True),
                name="suspension_suite_une_ouverte",
                violation_error_message="Le délai de cette suite est déjà arrêté.",
            ),
        ]

    def __str__(self) -> str:
        return self.phrase

    def refus(self, acte: str, par: Compte | None) -> ErreurMetier | None:
        return None if self.peut_finir else ActeInterdit("Le délai court déjà de nouveau.")

    @property
    def peut_finir(self) -> bool:
        return self.fin is None or self.fin > timezone.localdate()

    @property
    def est_en_cours(self) -> bool:
        return self.debut <= timezone.localdate() and self.peut_finir

    @property
    def phrase(self) -> str:
        """« Délai arrêté du 1er mars au 3 avril 2027 : période électorale »."""
        jours = (
            f"depuis le {jour_texte(self.debut)}" if self.fin is None else periode_texte(self.debut, self.fin)
        )
        return f"Délai arrêté {jours} : {self.get_raison_display()}"


def pas_deja_arretee(suite: Suite, acte: str, par: Compte | None) -> list[str]:
    for arret in suite.suspensions.all():
        if arret.peut_finir:
            return [Manque(f"{arret.phrase}. Faites-le d’abord courir de nouveau.", suite.get_absolute_url())]
    return []


def mesures_de(suite: Suite, *, repondue: date | None = None) -> dict[str, int | None]:
    """Return the three columns of the suite that the stops of its clock decide. `repondue`: an answer given now."""
    if repondue is None and suite.repondue_le is not None:
        repondue = timezone.localdate(suite.repondue_le)
    creee = timezone.localdate(suite.creee_le)
    lue = horloge(
        creee=creee,
        initiale=suite.date_initiale,
        limite=suite.date_limite,
        limite_donnee=suite.limite_donnee or creee,
        repondue=repondue,
        arrets=[Arret(arret.debut, arret.fin) for arret in suite.suspensions.all()],
    )
    return {
        "recul_limite": lue.recul_limite,
        "recul_initiale": lue.recul_initiale,
        "jours_suspendus": lue.jours_suspendus,
    }
