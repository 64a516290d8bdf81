"""GeoReport v2 (Open311) without database: parsing and checks of parameters, XML output."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree as ET

JOURS_MAX, DEMANDES_MAX, DESCRIPTION_MAX, NUMERO_MAX = 90, 1000, 4000, 100


STATUTS = ("open", "closed")


# Parameters that may be repeated.
LISTES = frozenset({"service_request_id", "service_code", "status"})


VRAI = "true"


FAUX = "false"


class ErreurOpen311(Exception):
    """Error of the specification: an HTTP status and a description."""

    def __init__(self, code: int, description: str) -> None:
        self.code, self.description = code, description
        super().__init__(description)


@dataclass(frozen=True, slots=True)
class Recherche:
    """Parameters of a list of requests. With `numeros`, dates are ignored, as the specification says."""

    numeros: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    debut: datetime | None = None
    fin: datetime | None = None
    statuts: frozenset[str] = frozenset(STATUTS)
    page: int = 1
    par_page: int = DEMANDES_MAX


def lire_instant(nom: str, texte: str) -> datetime:
    """Parse a W3C date and time, with offset or Z; without offset, UTC. A date alone is its first second.

    Raises ErreurOpen311.
    """
    try:
        lu = datetime.fromisoformat(texte.strip().replace(" ", "+"))
        lu = lu if lu.tzinfo else lu.replace(tzinfo=UTC)
        return lu.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ErreurOpen311(
            400, f"{nom} must be a W3C date and time, such as 2026-01-31T08:00:00Z."
        ) from None


def lire_liste(texte: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(mot.strip() for mot in texte.split(",") if mot.strip()))


def periode(parametres: Mapping[str, str], maintenant: datetime) -> tuple[datetime, datetime]:
    """Return (start, end): at most 90 days, by default the last 90. Raises ErreurOpen311."""
    duree = timedelta(days=JOURS_MAX)
    debut = lire_instant("start_date", parametres["start_date"]) if parametres.get("start_date") else None
    fin = lire_instant("end_date", parametres["end_date"]) if parametres.get("end_date") else None
    try:
        if debut is None:
            fin = fin or maintenant
            debut = fin - duree
        fin = fin or debut + duree
    except OverflowError:
        raise ErreurOpen311(400, "start_date and end_date must be days that can be counted.") from None
    if fin < debut:
        raise ErreurOpen311(400, "end_date is before start_date.")
    if fin - debut > duree:
        raise ErreurOpen311(400, f"start_date and end_date may not span more than {JOURS_MAX} days.")
    return debut, fin


def lire_recherche(parametres: Mapping[str, str], maintenant: datetime) -> Recherche:
    """Parse the parameters of a list of requests. Raises ErreurOpen311."""
    numeros = lire_liste(parametres.get("service_request_id", ""))
    if len(numeros) > DEMANDES_MAX:
        raise ErreurOpen311(400, f"service_request_id holds more than {DEMANDES_MAX} numbers.")
    page = _entier("page", parametres.get("page"), 1, 10_000, 1)
    par_page = _entier("page_size", parametres.get("page_size"), 1, DEMANDES_MAX, DEMANDES_MAX)
    if numeros:
        return Recherche(numeros=numeros, page=page, par_page=par_page)
    statuts = frozenset(lire_liste(parametres.get("status", "").lower())) or frozenset(STATUTS)
    if statuts - set(STATUTS):
        raise ErreurOpen311(400, "status must be open, closed, or both.")
    debut, fin = periode(parametres, maintenant)
    return Recherche((), lire_liste(parametres.get("service_code", "")), debut, fin, statuts, page, par_page)


def _entier(nom: str, texte: str | None, minimum: int, maximum: int, defaut: int) -> int:
    if not texte:
        return defaut
    if not (texte.isascii() and texte.isdigit() and len(texte) < 7 and minimum <= int(texte) <= maximum):
        raise ErreurOpen311(400, f"{nom} must be a whole number from {minimum} to {maximum}.")
    return int(texte)


def lire_point(lat: str, long: str) -> tuple[float, float] | None:
    """Return (latitude, longitude), None when neither is given.

    Raises ErreurOpen311 when one is missing or out of range.
    """
    if not lat and not long:
        return None
    if not (lat and long):
        raise ErreurOpen311(400, "lat and long go together.")
    try:
        point = float(lat), float(long)
    except ValueError:
        raise ErreurOpen311(400, "lat and long must be decimal degrees (WGS 84).") from None
    if not all(map(math.isfinite, point)) or abs(point[0]) > 90 or abs(point[1]) > 180:
        raise ErreurOpen311(400, "lat and long must be decimal degrees (WGS 84).")
    return point


@dataclass(frozen=True, slots=True)
class Nouvelle:
    """Update posted about a request. `numero`: identifier of the client, unique for it."""

    demande: str
    numero: str
    statut: str
    texte: str
    ecrite_le: datetime


def lire_nouvelle(lu: Mapping[str, str]) -> Nouvelle:
    """Parse an update of a request. Raises ErreurOpen311."""
    for nom in ("service_request_id", "update_id", "status", "updated_datetime", "description"):
        if not lu.get(nom):
            raise ErreurOpen311(400, f"{nom} was not provided.")
    statut = lu["status"].lower()
    if statut not in STATUTS:
        raise ErreurOpen311(400, "status must be open or closed.")
    if len(lu["update_id"]) > NUMERO_MAX:
        raise ErreurOpen311(400, f"update_id holds more than {NUMERO_MAX} characters.")
    if len(lu["description"]) > DESCRIPTION_MAX:
        raise ErreurOpen311(400, f"description holds more than {DESCRIPTION_MAX} characters.")
    texte = lu["description"] + lire_photo(lu.get("media_url", ""))
    ecrite_le = lire_instant("updated_datetime", lu["updated_datetime"])
    return Nouvelle(lu["service_request_id"], lu["update_id"], statut, texte, ecrite_le)


ATTRIBUT = re.compile(r"attribute\[([^\[\]]+)\](?:\[\])?")


def lire_attributs(lu: Mapping[str, str]) -> dict[str, str]:
    """Return the answers by question code, from `attribute[code]` or `attribute[code][]`."""
    trouves = ((ATTRIBUT.fullmatch(nom), valeur) for nom, valeur in lu.items())
    return {trouve[1]: valeur for trouve, valeur in trouves if trouve and valeur}


def lire_photo(adresse: str) -> str:
    """Return the text that gives the URL of an external picture. Raises ErreurOpen311."""
    if not adresse:
        return ""
    if len(adresse) > 500 or not adresse.startswith(("https://", "http://")):
        raise ErreurOpen311(400, "media_url must be the address of a picture.")
    return f"\n\nPhoto : {adresse}"


# Output

# Name of the child elements of each list.
ENFANTS = {
    "services": "service",
    "service_requests": "request",
    "service_request_updates": "request_update",
    "errors": "error",
    "attributes": "attribute",
    "values": "value",
    "endpoints": "endpoint",
    "formats": "format",
}


def en_xml(racine: str, contenu: Mapping[str, Any] | Sequence[Any]) -> bytes:
    """Write the JSON content as XML: one element per field, empty for an unknown value."""
    element = ET.Element(racine)
    _remplir(element, contenu)
    ecrit: bytes = ET.tostring(element, encoding="utf-8", xml_declaration=True)
    return ecrit


def _remplir(element: ET.Element, contenu: Any) -> None:
    if isinstance(contenu, Mapping):
        for nom, valeur in contenu.items():
            _remplir(ET.SubElement(element, nom), valeur)
    elif isinstance(contenu, list | tuple):
        for valeur in contenu:
            _remplir(ET.SubElement(element, ENFANTS[element.tag]), valeur)
    elif isinstance(contenu, bool):
        element.text = VRAI if contenu else FAUX
    elif contenu is not None:
        element.text = str(contenu)


def tranche(lignes: Iterable[Any], recherche: Recherche) -> list[Any]:
    debut = (recherche.page - 1) * recherche.par_page
    return list(lignes)[debut : debut + recherche.par_page]
