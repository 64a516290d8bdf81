"""What the floor below tells the CCSPL: a suite has its answer. In the act's own transaction."""

from typing import Any

from django.db import transaction

from ccspl.actions import transmission
from ccspl.models import Avis
from ccspl.workflow import Etat
from participation.socle.actions.avancer import verrouiller
from participation.suites.models import Suite


def constater_reponse(sender: Any, *, suite: Suite, **autres: Any) -> None:
    """Receives `suite_changee`: when the last answer comes, the avis is answered and its members are told."""
    avis: Any = Avis.objects.filter(pk=suite.dossier_id, etat=Etat.TRANSMIS).first()
    if avis is None or not suite.est_repondue:
        return
    with transaction.atomic():
        verrouiller(avis)  # two last answers at once: one of them sees the other
        if avis.etat == Etat.TRANSMIS and not avis.manques("repondre", None):
            transmission.repondre(avis, par=None)
