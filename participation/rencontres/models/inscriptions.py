"""Who comes to a rencontre."""

from typing import ClassVar

from django.urls import reverse
from django.utils.translation import gettext_noop as _

from participation.inscriptions.models import InscriptionAEvenement, contraintes, index
from participation.rencontres.models.rencontres import Rencontre
from participation.socle.liens import Lien
from participation.socle.models import CleEtrangere, PortePar


class Inscription(InscriptionAEvenement):
    CLE = "rencontres-inscription"
    LIEN: ClassVar[Lien] = Lien(
        "rencontres.inscription", lettre="i", page="rencontres:mon_inscription", sur_papier="P"
    )
    LIEN_CONFIRMATION: ClassVar[Lien] = Lien("rencontres.confirmation")

    evenement = CleEtrangere(
        Rencontre, related_name="inscriptions", db_column="rencontre_id", verbose_name="rencontre"
    )

    suivi = PortePar[Rencontre]("evenement")

    class Meta(InscriptionAEvenement.Meta):
        verbose_name = "inscription à une rencontre"
        verbose_name_plural = "inscriptions aux rencontres"
        indexes = index("rencontre", "rencontre_offres")
        constraints = contraintes("rencontre")

    @property
    def sur_place(self) -> list[tuple[str, str]]:
        return [
            (_("Coller mes gommettes"), reverse("rencontres:gommettes", args=[self.jeton()])),
            (_("Donner mon avis"), reverse("rencontres:evaluer", args=[self.evenement_id])),
        ]

    def pourquoi_pas(self, acte: str) -> str:
        if acte == "coller_gommettes" and self.presente_le is None:
            return "Les gommettes sont à qui est venu."
        return super().pourquoi_pas(acte)
