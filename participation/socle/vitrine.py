"""What the apps show on the pages shared by all: the home, the menus, « Ma journée », the legal pages.

The socle knows no app. An app names its functions by dotted path in the settings, in the order shown:

| setting                | called with      | gives                                              |
|------------------------|------------------|----------------------------------------------------|
| SECTIONS_ACCUEIL       | nothing          | SectionAccueil, or None when it has nothing to say |
| MENU_PUBLIC            | nothing          | EntreePublique or a list of them                   |
| MENU_BUREAU            | the account      | EntreeBureau, a list of them, or None              |
| SECTIONS_JOURNEE       | the account      | SectionJournee or None                             |
| TRAITEMENTS_DE_DONNEES | nothing          | Traitement or a list of them                       |
| ESPACES                | the account      | where it lands after sign-in, or None              |
| PORTES_DES_MEMBRES     | account, key     | Porte list: ways in for a member of this instance  |

The public ones must touch neither session nor account: their pages are kept by caches.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True)
class Porte:
    """A way in: « Signer une pétition », one sentence. `url` may be lazy."""

    titre: str
    url: Any
    phrase: str
    icone: str


@dataclass(frozen=True, slots=True)
class Ouvert:
    """Something open now. `quand`: « 45 jours restants ». `proportion` and `repere` from 0 to 1 draw a bar beside `jauge`."""

    genre: str
    quand: str
    titre: str
    url: str
    phrase: str
    jauge: str = ""
    proportion: float | None = None
    repere: float | None = None
    fin: date | None = None


@dataclass(frozen=True, slots=True)
class Echange:
    """What was said, and what the metropolis answered. `etat`: the word, its colour as for a badge."""

    genre: str
    dit: str
    qui: str
    etat: str
    couleur: str
    reponse: str
    precision: str
    url: str
    le: datetime


@dataclass(frozen=True, slots=True)
class Resultat:
    """A figure of what is owed and what was given back: « 87 % », « ont reçu une réponse publique »."""

    valeur: str
    libelle: str


@dataclass(frozen=True, slots=True)
class SectionAccueil:
    """`app`: whose accent. `voix`: voices of the year by code Insee, small numbers already set to None by the app."""

    app: str
    porte: Porte | None = None
    portes: Sequence[Porte] = ()
    ouverts: Sequence[Ouvert] = ()
    reponses: Sequence[Echange] = ()
    resultats: Sequence[Resultat] = ()
    voix: Mapping[str, int | None] = field(default_factory=dict)
    url_ouverts: str = ""
    url_reponses: str = ""


@dataclass(frozen=True, slots=True)
class EntreePublique:
    libelle: str
    url: str


@dataclass(frozen=True, slots=True)
class EntreeBureau:
    """`app` gives its coloured square to a domain, `icone` goes with the rest. `nombre`: to be dealt with; `retards`: late."""

    libelle: str
    url: str
    app: str = ""
    icone: str = ""
    nombre: int = 0
    retards: int = 0


@dataclass(frozen=True, slots=True)
class Tache:
    """A line of « Ma journée »: when, what (infinitive and object), about what, one button."""

    quoi: str
    url: str
    bouton: str
    sur_quoi: str = ""
    genre: str = ""
    app: str = "metropole"
    date_limite: date | None = None
    quand: str = ""


@dataclass(frozen=True, slots=True)
class SectionJournee:
    cle: str
    titre: str
    taches: Sequence[Tache]


@dataclass(frozen=True, slots=True)
class Traitement:
    """One use of personal data, for the page that tells people: what, why, by what right, how long, seen by whom."""

    titre: str
    donnees: str
    finalite: str
    base_legale: str
    duree: str
    destinataires: str


def recueillir(reglage: str, *arguments: Any) -> Iterator[Any]:
    """What each function named in the setting gives, lists flattened, None left out."""
    for chemin in getattr(settings, reglage):
        donne = import_string(chemin)(*arguments)
        if donne is None:
            continue
        if isinstance(donne, list | tuple):
            yield from donne
        else:
            yield donne
