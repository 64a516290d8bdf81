"""Journals of an instance and of a séance. Database triggers refuse any change or deletion."""

from participation.seances.models.instances import Instance
from participation.seances.models.membres import Membre
from participation.seances.models.seances import Seance
from participation.socle.models import CleEtrangere, LigneDeJournal, ineffacable


class EntreeInstance(LigneDeJournal):
    SUR = ("membre",)

    instance = CleEtrangere(Instance, related_name="journal")
    membre = CleEtrangere(Membre, null=True, related_name="journal")

    class Meta(LigneDeJournal.Meta):
        verbose_name = "entrée du journal d’instance"
        verbose_name_plural = "journal des instances"
        triggers = [ineffacable("instance")]


class EntreeSeance(LigneDeJournal):
    seance = CleEtrangere(Seance, related_name="journal", verbose_name="séance")

    class Meta(LigneDeJournal.Meta):
        verbose_name = "entrée du journal de séance"
        verbose_name_plural = "journal des séances"
        triggers = [ineffacable("seance")]

    @property
    def par_qui(self) -> str:
        est_lien = self.par_id is None and self.acte == "repondre"
        return "par le lien reçu" if est_lien else super().par_qui
