"""The letter to who no longer signs in: when the account will be erased, and how to keep it."""

from datetime import datetime

from django.utils import timezone

from participation.droits.models import DemandeDroit, ReglementDroits
from participation.socle.calendrier import ajouter_mois
from participation.socle.courriels.ecriture import ecrire
from participation.socle.courriels.retenue import due_le


def prevenir_inactif(demande: DemandeDroit, *, depuis: datetime) -> None:
    mois = ReglementDroits.actuel().inactivite_mois
    with due_le(ajouter_mois(timezone.localdate(depuis), mois)):
        ecrire(
            "droits/prevenir_inactif",
            a=[demande.courriel],
            contexte={"le": demande.date_effacement, "depuis": timezone.localdate(depuis)},
            cle=f"droit:{demande.pk}:inactif",
        )
