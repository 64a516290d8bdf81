"""Command that loads the principles that frame the engagements: their part of the pack."""

from typing import Any

from participation.engagements.models import Principe
from participation.socle.management.paquet import Paquet, Referentiel


class Command(Referentiel):
    help = "Charge les principes des engagements (une fois ; ensuite compare)."
    partie, fichier = "engagements", "engagements.json"

    def charger(self, paquet: Paquet) -> None:
        donnees: Any = paquet.json(self.fichier)
        for numero, titre in enumerate(donnees["principes"], 1):
            paquet.poser(Principe, {"titre": titre, "source": donnees["source"]}, numero=numero)
