"""What the apps show on the pages shared by all: the home, the menus, « Ma journée », the legal pages.

The socle knows no app. Each installed app has a module `vitrine`, found by its name, with one function for each place
where it shows something; a place without function is left empty. The order is that of INSTALLED_APPS.

| function             | called with      | gives                                              |
|----------------------|------------------|----------------------------------------------------|
| section_accueil      | nothing          | SectionAccueil, or None when it has nothing to say |
| menu_public          | nothing          | EntreePublique or a list of them                   |
| menu_bureau          | the account      | EntreeBureau, a list of them, or None              |
| section_journee      | the account      | SectionJournee, a list of them, or None            |
| chiffres_cles        | nothing          | ChiffresCles: what the page for the press counts   |
| plan_du_site         | nothing          | PageDuPlan list: the pages that anybody may read   |
| recherche_publique   | nothing          | the address that takes `?q=` and searches in public|
| traitements          | nothing          | Traitement or a list of them                       |
| espace               | the account      | where it lands after sign-in, or None              |
| espace_du_bureau     | the account      | where a professional lands if not « Ma journée »   |
| portes_des_membres   | account, key     | Porte list: ways in for a member of this instance  |
| chiffres_du_quartier | quartier, account| ChiffresCles of this quartier; a list that does not open to the account has no address |

The public ones must touch neither session nor account: their pages are kept by caches.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from django.apps import apps
from django.db.models import QuerySet
from django.utils import timezone

from participation.socle.bd.sondes import Combien, Existe, Rangee, Rangees, Sonde, sonder
from participation.socle.francais import INSECABLE
from participation.socle.models import Compte


@dataclass(frozen=True, slots=True)
class Porte:
    """A way in: « Signer une pétition », one sentence. `url` may be lazy. `attend`: something is asked of who comes in."""

    titre: str
    url: Any
    phrase: str
    icone: str
    attend: bool = False


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
class Chiffre:
    """A figure of the page for the press: `url` opens the list of what it counts."""

    valeur: str
    libelle: str
    url: str
    precision: str = ""


@dataclass(frozen=True, slots=True)
class ChiffresCles:
    app: str
    titre: str
    chiffres: Sequence[Chiffre]
    comment: str = ""  # how they are counted, in a sentence or two


@dataclass(frozen=True, slots=True)
class SectionAccueil:
    """`app`: whose accent. `voix`: voices of the last twelve months by code Insee, small numbers already set to None by the app."""

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
class PageDuPlan:
    """A page of the site plan given to search engines."""

    url: str
    modifiee_le: date | datetime | None = None


@dataclass(frozen=True, slots=True)
class EntreeBureau:
    """`app` gives its coloured square to a domain, `icone` goes with the rest. `nombre`: to be dealt with; `retards`: late.

    A number, or how to find the rows to count: those of all entries are counted in one statement, written from her rights alone.
    """

    libelle: str
    url: str
    app: str = ""
    icone: str = ""
    nombre: "int | Callable[[], QuerySet[Any, Any]]" = 0
    retards: "int | Callable[[], QuerySet[Any, Any]]" = 0


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
    depuis: datetime | None = (
        None  # somebody waits: its age is shown where no day is due, and beside what is late
    )

    @property
    def apres_le_bouton(self) -> str:
        """What is heard after the button's word: the task, without the word that it begins with (« Répondre : Répondre : … »)."""
        suite = self.quoi.removeprefix(self.bouton)
        if suite == self.quoi or suite[:1].isalpha():
            suite = f": {self.quoi}"
        return INSECABLE + suite.lstrip()


@dataclass(frozen=True, slots=True)
class Attente:
    """Rows that may wait: the lines that say so are asked for only if there is one. All is looked for in one statement (`lire_la_journee`).

    `ensemble` may be wider than what the lines say, never narrower. What is written of it is kept for a day, and serves all who have
    the same rights: no hour in it, nothing that the database said, and nothing of the account but its number and its rights.
    """

    ensemble: "Callable[[], QuerySet[Any, Any]]"
    lignes: Callable[[], Iterable[Tache]]

    def sonde(self) -> Sonde:
        return Existe(self.ensemble)

    def dire(self, trouve: Any) -> Iterable[Tache]:
        return self.lignes() if trouve else ()


@dataclass(frozen=True, slots=True)
class AttenteGroupee:
    """Rows told by one line: how many, and since when by the field `depuis`. It costs no other statement."""

    ensemble: "Callable[[], QuerySet[Any, Any]]"
    depuis: str
    ligne: "Callable[[int, datetime | None], Tache]"

    def sonde(self) -> Sonde:
        return Combien(self.ensemble, self.depuis)

    def dire(self, trouve: Any) -> Iterable[Tache]:
        combien, depuis = trouve
        return [self.ligne(combien, depuis)] if combien else ()


@dataclass(frozen=True, slots=True)
class AttenteLue:
    """Rows of which a few fields are enough (`values`, in their order, so many at most). They cost no other statement."""

    ensemble: "Callable[[], QuerySet[Any, Any]]"
    lignes: Callable[[list[Rangee]], Iterable[Tache]]

    def sonde(self) -> Sonde:
        return Rangees(self.ensemble)

    def dire(self, trouve: Any) -> Iterable[Tache]:
        return self.lignes(trouve) if trouve else ()


Attendue = Attente | AttenteGroupee | AttenteLue


@dataclass(frozen=True, slots=True)
class SectionJournee:
    """`taches`: lines, and what may give some. A section is made twice, once for an account of nobody: it asks the database nothing.

    `au_plus`: so many lines are shown.
    """

    cle: str
    titre: str
    taches: Sequence[Tache | Attendue]
    au_plus: int | None = None


@dataclass(frozen=True, slots=True)
class PersonneTrouvee:
    """Somebody whom an agent looks for, who has no account: her name, what she is to which dossier, and where."""

    nom: str
    courriel: str
    quoi: str
    url: str


@dataclass(frozen=True, slots=True)
class Traitement:
    """One use of personal data, for the page that tells people: what, why, by what right, how long, seen by whom."""

    titre: str
    donnees: str
    finalite: str
    base_legale: str
    duree: str
    destinataires: str


@cache
def _vitrine(app: str) -> ModuleType | None:
    nom = f"{app}.vitrine"
    return import_module(nom) if find_spec(nom) is not None else None


def fonctions(place: str) -> list[Callable[..., Any]]:
    """What the installed apps have for this place, in their order."""
    vitrines = [_vitrine(app.name) for app in apps.get_app_configs()]
    return [getattr(vitrine, place) for vitrine in vitrines if hasattr(vitrine, place)]


def recueillir(place: str, *arguments: Any) -> Iterator[Any]:
    """What each app gives for this place, lists flattened, None left out."""
    for fonction in fonctions(place):
        donne = fonction(*arguments)
        if donne is None:
            continue
        if isinstance(donne, list | tuple):
            yield from donne
        else:
            yield donne


Sections = Callable[[Compte], Iterable[SectionJournee]]
Sondes = Callable[[Compte], Sequence[Sonde]]


@dataclass(frozen=True, slots=True)
class SectionLue:
    cle: str
    titre: str
    taches: Sequence[Tache]


def lire_la_journee(
    compte: Compte, faire: Sections, autres: Sondes = lambda _: (), cle: str = ""
) -> tuple[list[SectionLue], list[Any]]:
    """« Ma journée »: of all that may wait, what does, found by one statement; only that is then read.

    Gives the sections with their lines, those that nothing fills included; then what each of `autres` found.

    `cle` tells `autres` from those of another page.
    """
    sections = list(faire(compte))
    formes = tuple((s.cle, *(type(t).__name__ for t in s.taches)) for s in sections)
    trouves = sonder(
        f"journee.{cle}.{timezone.localdate()}.{compte.droits}.{hash(formes)}",
        compte.pk,
        lambda: _sondes(compte.sans_nom(), faire, autres),
    )
    lus = iter(trouves)
    lues = [
        SectionLue(s.cle, s.titre, [t for tache in s.taches for t in _dire(tache, lus)][: s.au_plus])
        for s in sections
    ]
    return lues, list(lus)


def _sondes(personne: Compte, faire: Sections, autres: Sondes) -> list[Sonde]:
    attendues = (t for section in faire(personne) for t in section.taches if not isinstance(t, Tache))
    return [*(attendue.sonde() for attendue in attendues), *autres(personne)]


def _dire(tache: Tache | Attendue, lus: Iterator[Any]) -> Iterable[Tache]:
    return [tache] if isinstance(tache, Tache) else tache.dire(next(lus))
