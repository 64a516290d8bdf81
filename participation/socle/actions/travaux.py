"""Try again the tasks given up after too many failures."""

import json
import logging

from django.db import transaction

from participation.socle.models import Compte
from participation.socle.travaux import passages
from participation.socle.travaux.differes import confier

journal = logging.getLogger(__name__)


@transaction.atomic
def retenter(*, par: Compte) -> int:
    """Give all of them back to the workers, their failures forgotten. Return their number."""
    arretes = list(passages.a_decider().select_for_update())
    for passage in arretes:
        passage.delete()
        try:
            arguments = json.loads(passage.arguments)
        except ValueError:  # too long to be kept: its sweep takes it up
            continue
        confier(passage.tache, *arguments)
    journal.info("%s travaux arrêtés repartent, par le compte %s", len(arretes), par.pk)
    return len(arretes)
