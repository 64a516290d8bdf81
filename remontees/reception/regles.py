"""What a remontée is made of, the same for every channel; the commune that holds a point."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from typing import Any, Self

from participation.socle.regles.traces import masquer

VERBATIM_MAX = 20_000


@dataclass(frozen=True, slots=True)
class Contact:
    """Contact details of the person, as far as they gave them. All empty: anonymous.

    `langue`: of the page where she wrote, and of the letters to her.
    """

    nom: str = ""
    courriel: str = ""
    telephone: str = ""
    adresse: str = ""
    prefere: str = ""
    accepte_transmission: bool = False
    langue: str = "fr"


@dataclass(frozen=True, slots=True)
class Charge:
    """What was said, where, when, by which channel, on whose behalf.

    `commune`: Insee code. `categorie`, `quartier`, `saisie_par`: primary keys. `sujet`: primary key of the
    public sujet that the person recognised. `source`: URL of the post, or identifier of the message in its
    own system. `accuse`: whether a receipt may go.
    """

    verbatim: str
    canal: str
    titre: str = ""
    entendue_le: date | None = None
    categorie: int | None = None
    commune: str = ""
    quartier: int | None = None
    lieu: str = ""
    latitude: float | None = None
    longitude: float | None = None
    au_nom_de: bool = False
    est_urgente: bool = False
    source: str = ""
    saisie_par: int | None = None
    sujet: int | None = None
    contact: Contact = field(default_factory=Contact)
    accuse: bool = True

    def en_json(self) -> dict[str, Any]:
        valeurs = asdict(self)
        valeurs["entendue_le"] = self.entendue_le.isoformat() if self.entendue_le else None
        return valeurs

    @classmethod
    def de_json(cls, valeurs: dict[str, Any]) -> Self:
        """Build a Charge from the output of `en_json`; unknown keys are ignored."""
        connus = {champ.name for champ in fields(cls)}
        garde = {nom: valeur for nom, valeur in valeurs.items() if nom in connus}
        if garde.get("entendue_le"):
            garde["entendue_le"] = date.fromisoformat(garde["entendue_le"])
        return cls(**{**garde, "contact": Contact(**garde.get("contact", {}))})


def sans_la_personne(charge: Charge, titre: str) -> str:
    """Return the title without what says who spoke: services read it, in lists and in subjects of letters."""
    return masquer(titre, noms=[charge.contact.nom], adresse=charge.contact.adresse)


def commune_de(latitude: float, longitude: float, contours: Mapping[str, Any]) -> str | None:
    """Return the code whose contour (GeoJSON, WGS 84) contains the point; None without any.

    On a common edge, the first code in order. An unreadable contour is skipped, so that it never blocks a
    remontée.
    """
    if not contours:
        return None
    # Imported here: an installation without contours need not load the library.
    from shapely import Point
    from shapely.errors import ShapelyError
    from shapely.geometry import shape

    point = Point(longitude, latitude)
    for code in sorted(contours):
        geometrie = contours[code]
        try:
            geometrie = geometrie.get("geometry") or geometrie
            if shape(geometrie).covers(point):
                return code
        except (ShapelyError, AttributeError, KeyError, TypeError, ValueError, IndexError):
            continue
    return None


def point_de(dit: Mapping[str, Any]) -> tuple[float | None, float | None]:
    """Return (latitude, longitude); half a point is ignored."""
    point = (dit.get("latitude"), dit.get("longitude"))
    return (None, None) if None in point else point
