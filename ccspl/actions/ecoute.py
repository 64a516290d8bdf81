"""Receiver of the signal of the suites, in the transaction of the act."""

from typing import Any

from django.db import transaction

from ccspl.actions import transmission
from ccspl.models import Avis
from ccspl.workflow import Etat
from participation.socle.actions.avancer import verrouiller
from participation.suites.models import Suite


def constater_reponse(sender: Any, *, suite: Suite, **autres: Any) -> None:
    """Receiver of `suite_changee`: after the last answer, the avis becomes answered and its members are
    told."""
    avis: Any = Avis.objects.filter(pk=suite.dossier_id, etat=Etat.TRANSMIS).first()
    if avis is None or not suite.est_repondue:
        return
    with transaction.atomic():
        verrouiller(avis)  # two last answers at the same time: the second transaction sees the first
        if avis.etat == Etat.TRANSMIS and not avis.manques("repondre", None):
            transmission.repondre(avis, par=None)
