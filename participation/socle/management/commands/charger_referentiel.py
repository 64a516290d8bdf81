"""Load the reference data of every app: communes, quartiers, directions, règlements. Can be run again safely."""

import csv
import json
import unicodedata
from pathlib import Path
from typing import Any

from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand
from django.db import transaction

from participation.socle.models import Commune, Contour, Direction, Quartier, ReglageService

DONNEES = Path(__file__).resolve().parents[2] / "donnees"


def lire(nom: str) -> list[dict[str, str]]:
    with (DONNEES / nom).open(encoding="utf-8") as fichier:
        return list(csv.DictReader(fichier, delimiter=";"))


def sans_accent(texte: str) -> str:
    """Lower case without accents: a French sort key, because the database uses the C locale."""
    decompose = unicodedata.normalize("NFKD", texte.replace("Œ", "Oe").replace("œ", "oe").lower())
    return "".join(lettre for lettre in decompose if not unicodedata.combining(lettre))


class Command(BaseCommand):
    help = "Charge les communes, les quartiers, les directions et les règlements (sans rien écraser de ce qu’un agent a saisi)."

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            self._collectivite()
            self._communes()
            self._contours()
            self._quartiers()
            self._directions()
        for commande in sorted(nom for nom in get_commands() if nom.startswith("referentiel_")):
            call_command(commande)

    def _collectivite(self) -> None:
        service = ReglageService.actuel()
        if not service.nom:
            for champ, valeur in json.loads(
                (DONNEES / "collectivite.json").read_text(encoding="utf-8")
            ).items():
                setattr(service, champ, valeur)
            service.save()

    def _communes(self) -> None:
        lignes = [
            Commune(
                code_insee=ligne["code_insee"],
                nom=ligne["nom"],
                cle_tri=sans_accent(ligne["nom"]),
                sigle=ligne["sigle"],
                siren=ligne["siren"],
                codes_postaux=ligne["codes_postaux"].split(),
                population=int(ligne["population"]),
                longitude=float(ligne["longitude"]),
                latitude=float(ligne["latitude"]),
                tuile_x=int(ligne["tuile_x"]),
                tuile_y=int(ligne["tuile_y"]),
            )
            for ligne in lire("communes.csv")
        ]
        Commune.objects.bulk_create(lignes, ignore_conflicts=True)

    def _contours(self) -> None:
        """Official contours, simplified (IGN, Admin Express, Licence Ouverte); those imported since stay."""
        contours = json.loads((DONNEES / "communes.geojson").read_text(encoding="utf-8"))["features"]
        Contour.objects.bulk_create(
            [Contour(commune_id=c["properties"]["code"], geometrie=c["geometry"]) for c in contours],
            ignore_conflicts=True,
        )

    def _quartiers(self) -> None:
        for ligne in lire("quartiers.csv"):
            Quartier.objects.get_or_create(
                commune_id=ligne["commune"],
                nom=ligne["nom"],
                defaults={
                    "code": ligne["code"] or None,
                    "population": ligne["population"] or None,
                    "annee_population": ligne["annee_population"] or None,
                },
            )

    def _directions(self) -> None:
        for ligne in lire("directions.csv"):
            Direction.objects.get_or_create(nom=ligne["nom"], defaults={"sigle": ligne["sigle"]})
