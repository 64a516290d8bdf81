"""Once the answer has had time to be seen, the person is asked whether it suits her: once, by the clock."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from remontees.models import Rapporteur, ReglementRemontees, Remontee, Satisfaction
from remontees.notifications import satisfaction as notifications
from remontees.workflow import Etat


def demander_les_satisfactions(limite: int = 1000) -> int:
    """Every morning. Who cannot be written to, or was answered long before the question existed, is left alone. Returns how many."""
    reglement = ReglementRemontees.actuel()
    jour = timezone.localdate() - timedelta(days=reglement.satisfaction_jours)
    dues: Any = (
        Remontee.objects.filter(
            etat__in=[Etat.REPONDUE, Etat.CLOSE],
            repondue_le__date__lte=jour,
            repondue_le__date__gt=jour - timedelta(days=reglement.cloture_jours),
            satisfaction=None,
            rapporteur__prefere__in=[Rapporteur.Prefere.COURRIEL, Rapporteur.Prefere.SMS],
            rapporteur__efface_le=None,
        )
        .exclude(reponse="")
        .exclude(rapporteur__courriel="", rapporteur__telephone="")
        .select_related("rapporteur")
        .order_by("pk")
    )
    combien = 0
    for remontee in dues.iterator():
        # A stamp is too much for a click: who neither a mail nor an SMS reaches is not asked.
        if not remontee.rapporteur.se_previent:
            continue
        if combien == limite:
            break
        with transaction.atomic():
            demande, est_neuve = Satisfaction.objects.get_or_create(remontee=remontee)
            if est_neuve:
                notifications.demander_satisfaction(demande)
                combien += 1
    return combien


def dire_satisfaction(demande: Satisfaction, *, avis: str, mot: str = "") -> None:
    """She may change her mind on her page: the last click is hers, and a word once given stays until another is."""
    with transaction.atomic():
        demande = Satisfaction.objects.select_for_update().get(pk=demande.pk)
        demande.avis, demande.mot = avis, mot or demande.mot
        demande.repondue_le = demande.repondue_le or timezone.now()
        demande.full_clean()
        demande.save()
