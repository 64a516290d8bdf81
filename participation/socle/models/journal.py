"""Journal of the dossiers."""

import pgtrigger
from django.db import models

from participation.socle.models.champs import CleEtrangere
from participation.socle.models.dossiers import Dossier
from participation.socle.models.suivi import LigneDeJournal


class Entree(LigneDeJournal):
    """One line of the journal of a dossier. Only `actions` write it."""

    dossier = CleEtrangere(Dossier, related_name="journal")

    class Meta(LigneDeJournal.Meta):
        verbose_name = "entrée du journal"
        verbose_name_plural = "journal"
        indexes = [models.Index(fields=["dossier", "-le"], name="entree_dossier_le")]
        triggers = [
            pgtrigger.Protect(name="entree_ineffacable", operation=pgtrigger.Update | pgtrigger.Delete)
        ]
