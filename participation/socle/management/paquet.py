"""A local pack: the data of one place, a folder of `paquets/`. Each part is loaded once, then only compared.

After the first time the tables belong to the administrators: a run at each version says what the pack has otherwise,
and changes nothing unless it is asked (`--ajouter` creates what is missing, `--remplacer` also writes what differs).
"""

import csv
import json
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.db.models import Model

from participation.socle.models import PartieChargee

M = TypeVar("M", bound=Model)


def dossier_du_paquet(nom: str = "") -> Path:
    """Return the folder of the pack: that of the name or path given, that of the settings, or the only one there is."""
    demande = nom or settings.PAQUET
    if demande:
        trouves = [lieu for lieu in (settings.PAQUETS / demande, Path(demande)) if lieu.is_dir()]
    else:
        trouves = sorted(lieu for lieu in settings.PAQUETS.iterdir() if lieu.is_dir())
    if not trouves or (not demande and len(trouves) > 1):
        connus = ", ".join(sorted(lieu.name for lieu in settings.PAQUETS.iterdir() if lieu.is_dir()))
        raise CommandError(f"Dites quel paquet charger, par --paquet ou PAQUET. Ceux d’ici : {connus}.")
    return trouves[0]


class Paquet:
    """One part of a pack, in one run. `ecarts`: what this base has otherwise, in sentences."""

    def __init__(self, dossier: Path, partie: str, *, ajoute: bool = False, remplace: bool = False) -> None:
        self.dossier, self.partie = dossier, partie
        self.est_nouvelle = not PartieChargee.objects.filter(partie=partie).exists()
        self.ajoute, self.remplace = ajoute or remplace or self.est_nouvelle, remplace
        self.ecarts: list[str] = []

    def a(self, fichier: str) -> bool:
        return (self.dossier / fichier).exists()

    def json(self, fichier: str) -> Any:
        return json.loads((self.dossier / fichier).read_text(encoding="utf-8"))

    def lignes(self, fichier: str) -> list[dict[str, str]]:
        """Return the rows of a CSV (« ; », UTF-8); none without the file."""
        if not self.a(fichier):
            return []
        with (self.dossier / fichier).open(encoding="utf-8") as ouvert:
            return list(csv.DictReader(ouvert, delimiter=";"))

    def poser(self, modele: type[M], valeurs: dict[str, Any], **cle: Any) -> tuple[M | None, bool]:
        """Return the row that the key finds, created if this run creates, and whether it was. None: it is missing."""
        objet = modele._default_manager.filter(**cle).first()
        if objet is None:
            if self.ajoute:
                return modele._default_manager.create(**cle, **valeurs), True
            self.ecarts.append(f"{_quoi(modele, cle)} : dans le paquet, pas ici.")
            return None, False
        changes = {
            champ: valeur
            for champ, valeur in valeurs.items()
            if not self.est_nouvelle and valeur not in ("", None, []) and getattr(objet, champ) != valeur
        }
        if changes and self.remplace:
            for champ, valeur in changes.items():
                setattr(objet, champ, valeur)
            objet.save(update_fields=list(changes))
        for champ, valeur in changes.items():
            nom = modele._meta.get_field(champ).verbose_name  # type: ignore[union-attr]
            self.ecarts.append(
                f"{_quoi(modele, cle)} : {nom} remplacé."
                if self.remplace
                else f"{_quoi(modele, cle)} : {nom} autrement ici que dans le paquet ({_court(valeur)})."
            )
        return objet, False

    def noter(self) -> None:
        if self.est_nouvelle:
            PartieChargee.objects.create(partie=self.partie, paquet=self.dossier.name)


class Referentiel(BaseCommand):
    """A command that loads one part of the pack. `fichier`: without it the pack has nothing for this part."""

    partie, fichier = "", ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--paquet", default="", help="Nom d’un dossier de paquets/, ou chemin d’un dossier."
        )
        parser.add_argument(
            "--ajouter", action="store_true", help="Crée ce que le paquet a et qui manque ici."
        )
        parser.add_argument(
            "--remplacer", action="store_true", help="Crée ce qui manque et récrit ce qui diffère du paquet."
        )

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        paquet = Paquet(
            dossier_du_paquet(options["paquet"]),
            self.partie,
            ajoute=options["ajouter"],
            remplace=options["remplacer"],
        )
        if self.fichier and not paquet.a(self.fichier):
            return
        self.charger(paquet)
        paquet.noter()
        if options["verbosity"]:
            for ecart in paquet.ecarts:
                self.stdout.write(ecart)

    def charger(self, paquet: Paquet) -> None:
        raise NotImplementedError


def _quoi(modele: type[Model], cle: dict[str, Any]) -> str:
    return f"{modele._meta.verbose_name} « {' / '.join(str(valeur) for valeur in cle.values())} »"


def _court(valeur: object) -> str:
    dit = str(valeur)
    return dit if len(dit) <= 60 else f"{dit[:60]}…"
