"""Open data said once: what a table holds (`JeuDeDonnees`), from which come its files, its schema, its place in the catalogue.

Names of fields are an API: add some, never rename one. In every file: days and instants in ISO 8601, instants with
their offset; in CSV (UTF-8 with BOM, « ; »), numbers have a decimal comma and lists are separated by « | ».
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise

from participation.socle.fichiers.export import csv_en_flux, instant

SEPARATEUR = "|"


Fiche = Mapping[str, Any]


class Type(StrEnum):
    """Type of a field, in the words of Table Schema."""

    TEXTE = "string"
    ENTIER = "integer"
    NOMBRE = "number"
    OUI_NON = "boolean"
    JOUR = "date"
    INSTANT = "datetime"
    ADRESSE = "uri"
    LISTE = "list"


# What Table Schema must know to read our CSV.
LECTURES: Mapping[Type, Mapping[str, Any]] = {
    Type.NOMBRE: {"type": "number", "decimalChar": ","},
    Type.OUI_NON: {"type": "boolean", "trueValues": ["oui"], "falseValues": ["non"]},
    Type.INSTANT: {"type": "datetime", "format": "%Y-%m-%dT%H:%M:%S%z"},
    Type.ADRESSE: {"type": "string", "format": "uri"},
    Type.LISTE: {"type": "string"},
}


@dataclass(frozen=True, slots=True)
class Champ:
    """A field. `seulement`: the only form that has it (« csv », « json »), when one has not."""

    nom: str
    sens: str
    type: Type = Type.TEXTE
    seulement: str = ""

    def schema(self, exemple: Any) -> dict[str, Any]:
        en_liste = (
            f" Plusieurs valeurs sont séparées par « {SEPARATEUR} »." if self.type is Type.LISTE else ""
        )
        decrit = {"name": self.nom, "description": self.sens + en_liste}
        decrit |= LECTURES.get(self.type, {"type": str(self.type)})
        return decrit if exemple in (None, "") else {**decrit, "example": exemple}


@dataclass(frozen=True, slots=True)
class Contenu:
    """What a file holds now. `version`: changes whenever the rows change; `selection`: filters, in one form.

    `nom`: of the file, when it is not the same for each address. `entete`: what the JSON says before its list.
    """

    fiches: Callable[[], Iterable[Fiche]]
    total: int
    version: str
    selection: str = ""
    nom: str = ""
    entete: Callable[[], Mapping[str, Any]] = dict


@dataclass(frozen=True, slots=True)
class Fichiers:
    """The files of one table, by form: « csv » → address. `titre`: when a jeu has several tables of one shape."""

    adresses: Mapping[str, str]
    titre: str = ""


def fichiers_de(nom: str, formes: Sequence[str] = ("csv", "json")) -> Callable[[], list[Fichiers]]:
    """Return the files at the addresses `<nom>_csv`, `<nom>_json`."""
    return lambda: [Fichiers({forme: reverse(f"{nom}_{forme}") for forme in formes})]


@dataclass(frozen=True, slots=True, kw_only=True)
class JeuDeDonnees:
    """One public table. `vitrine.jeux_de_donnees` of each app gives its own to the page « Données ouvertes ».

    `lire(request, **arguments of the URL)`: what it holds for this visitor of this address; `exemple`: the same, for
    the schema. `fichiers`: where it is read. `liste`: key of the rows in JSON. `valeurs`: what codes mean, as
    (« etat = ouvert », words). `page`: address of the page that people read. `norme`: address of the published schema
    that its files follow instead of ours, and `ecrire`, by form, what writes them so.
    """

    cle: str
    titre: str
    description: str
    app: str
    liste: str
    champs: Sequence[Champ]
    lire: Callable[..., Contenu]
    fichiers: Callable[[], Sequence[Fichiers]]
    exemple: Callable[[], Iterable[Fiche]]
    valeurs: Callable[[], Sequence[tuple[str, str]]] = tuple
    precisions: Sequence[str] = field(default=())
    page: str | Promise = ""
    norme: str = ""
    ecrire: Mapping[str, Callable[[Iterable[Any]], Iterable[bytes]]] = field(default_factory=dict)

    def champs_en(self, forme: str) -> list[Champ]:
        return [champ for champ in self.champs if champ.seulement in ("", forme)]

    def octets(self, forme: str, contenu: Contenu) -> Iterable[bytes]:
        """Return the bytes of a file, a few rows at a time."""
        if forme in self.ecrire:
            return self.ecrire[forme](contenu.fiches())
        if forme == "csv":
            return csv_en_flux([champ.nom for champ in self.champs_en("csv")], self.lignes(contenu))
        return self.json(contenu) if forme == "json" else self.geojson(contenu)

    def lignes(self, contenu: Contenu) -> Iterator[list[object]]:
        """Yield the cells of the CSV."""
        noms = [champ.nom for champ in self.champs_en("csv")]
        for fiche in contenu.fiches():
            yield [cellule(fiche[nom]) for nom in noms]

    def json(self, contenu: Contenu) -> Iterator[bytes]:
        """Yield {licence, le, …entete, liste: […]}, a row at a time."""
        debut = {"licence": settings.LICENCE, "le": timezone.now(), **contenu.entete()}
        yield f"{en_json(debut)[:-1]}, {json.dumps(self.liste)}: [".encode()
        noms, virgule = [champ.nom for champ in self.champs_en("json")], ""
        for fiche in contenu.fiches():
            yield f"{virgule}\n{en_json({nom: fiche[nom] for nom in noms})}".encode()
            virgule = ","
        yield b"\n]}\n"

    def geojson(self, contenu: Contenu) -> Iterator[bytes]:
        """Yield a FeatureCollection (RFC 7946) of the rows that stand somewhere.

        A row has its `geometrie`, or its `latitude` and `longitude`.
        """
        yield b'{"type": "FeatureCollection", "features": ['
        virgule = ""
        for fiche in contenu.fiches():
            if (ou := geometrie(fiche)) is not None:
                faits = {champ.nom: fiche[champ.nom] for champ in self.champs_en("json")}
                yield f"{virgule}\n{en_json({'type': 'Feature', 'geometry': ou, 'properties': faits})}".encode()
                virgule = ","
        yield b"\n]}\n"

    def schema(self) -> dict[str, Any]:
        """Return the Table Schema of the CSV, with an example of each field taken from the data of today."""
        une: Fiche = next(iter(self.exemple()), {})
        return {
            "$schema": "https://frictionlessdata.io/schemas/table-schema.json",
            "name": self.cle,
            "title": self.titre,
            "description": self.description,
            "missingValues": [""],
            "fields": [champ.schema(_exemple(une.get(champ.nom))) for champ in self.champs_en("csv")],
        }


def cellule(valeur: Any) -> object:
    """Return a cell of CSV: the values of a list, or how many rows it holds."""
    if not isinstance(valeur, list):
        return instant(valeur)
    return len(valeur) if valeur and isinstance(valeur[0], dict) else SEPARATEUR.join(map(str, valeur))


def _exemple(valeur: Any) -> Any:
    lue = cellule(valeur)
    return json.loads(en_json(lue))


def geometrie(fiche: Fiche) -> Any:
    if "geometrie" in fiche:
        return fiche["geometrie"]
    if fiche.get("latitude") is None or fiche.get("longitude") is None:
        return None
    return {"type": "Point", "coordinates": [fiche["longitude"], fiche["latitude"]]}


def en_json(valeur: object) -> str:
    return json.dumps(valeur, ensure_ascii=False, default=_ecrire)


def _ecrire(valeur: Any) -> Any:
    if isinstance(valeur, datetime):
        return instant(valeur)
    if isinstance(valeur, date):
        return valeur.isoformat()
    if isinstance(valeur, Decimal):
        return float(valeur)
    return str(valeur)  # a lazy text
