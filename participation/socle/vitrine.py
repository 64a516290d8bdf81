"""What the apps show on shared pages: the home page, the menus, « Ma journée », the legal pages.

The socle knows no app. An app has a module `vitrine`, found by its name, with one function for each place where
it shows something; a place without a function stays empty. The order is that of INSTALLED_APPS.

| function             | called with      | gives                                              |
|----------------------|------------------|----------------------------------------------------|
| section_accueil      | nothing          | SectionAccueil, or None when it has nothing to say |
| menu_public          | nothing          | EntreePublique or a list of them                   |
| menu_bureau          | the account      | EntreeBureau, a list of them, or None              |
| section_journee      | the account      | SectionJournee, a list of them, or None            |
| chiffres_cles        | nothing          | ChiffresCles: what the page for the press counts   |
| chiffres_tenus       | nothing          | Tenu list: figures that a periodic task counts     |
| plan_du_site         | nothing          | PageDuPlan list: the pages that anybody may read   |
| jeux_de_donnees      | nothing          | JeuDeDonnees list: its open data                   |
| cherchables          | nothing          | Cherchable list: public pages other than dossiers  |
| traitements          | nothing          | Traitement or a list of them                       |
| eliminations         | nothing          | Elimination list: what an agent purges, with a visa of the archives |
| demarches_entieres   | nothing          | DemarcheEntiere or a list of them: what is erased whole, with a visa |
| comptes_tenus        | nothing          | accounts (QuerySet) from whom something is still expected: not erased for inactivity |
| suivies              | an address       | Suivie list: what it follows by mail               |
| espace               | the account      | URL of its page after sign-in, or None             |
| espace_du_bureau     | the account      | the same for a professional, or None: « Ma journée » |
| portes_des_membres   | account, key     | Porte list: ways in for a member of this instance  |
| mise_en_place        | nothing          | Reglage list: what must be set before it serves    |
| voix_par_commune     | nothing          | Voix of the last twelve months (`lectures.communes`) |
| demarches            | a year           | Demarche list: what people took part in that year  |
| pour_qui_on_tire     | number of a draw | Trouve, or None: what the draw is for, and its page |
| remplace_sur_sa_page | number of a draw | Trouve, or None: where who gives up is noted and replaced, if not on the draw |
| besoins_a_tenir      | nothing          | BesoinATenir list: needs said for meetings to come |
| besoin_assure        | page of a meeting, need | nothing: tells who said the need that it is met |
| papiers              | nothing          | GenreDePapier list: what a table of paper may hold |
| au_calendrier        | a year           | AuCalendrier list: public meetings other than séances, for the one calendar |
| rattachables         | nothing          | Rattachable list: what may show the level of a démarche |
| devenirs             | nothing          | Devenir list: what a group of notes of a meeting may become |
| chiffres_du_quartier | quartier, account| ChiffresCles of the quartier; no URL for a list closed to the account |
| ecrire_par_poste     | a letter, the address of an account without mailbox, its context, dossier and key | the Courrier it wrote, or None |
| personnes_trouvees   | words            | PersonneTrouvee list: people without an account, for the search of agents |
| jours_pris           | a day            | sentences: what already takes the members that day |
| dossiers_de_la_seance | account, séance | Porte, or None: the dossiers that it will deal with |
| points_du_dossier    | a dossier        | its points of séances, for its page in the back office |
| dossier_complet      | a dossier        | TableauDuDossier list: its rows, for the PDF of the whole |

The public functions must use neither the session nor the account: their pages are cached.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext, gettext_noop, ngettext

from participation.socle import langues
from participation.socle.langues import FRANCAIS


@dataclass(frozen=True, slots=True)
class Porte:
    """A way in: « Signer une pétition », and one sentence.

    `url` may be lazy. `attend`: something is asked of the person there.
    """

    titre: str
    url: Any
    phrase: str
    icone: str
    attend: bool = False


@dataclass(frozen=True, slots=True)
class TableauDuDossier:
    """Rows of an app on one dossier, in words. One without a row is not shown."""

    titre: str
    entetes: Sequence[str]
    lignes: Sequence[Sequence[str]]


def jours_restants(jours: int) -> str:
    if not jours:
        return gettext("Dernier jour")
    return ngettext("%(nombre)s jour restant", "%(nombre)s jours restants", jours) % {
        "nombre": langues.nombre(jours)
    }


@dataclass(frozen=True, slots=True)
class Ouvert:
    """Something open now.

    `quand`: « 45 jours restants ». `proportion` and `repere`, from 0 to 1, draw a bar beside `jauge`.
    """

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
    """What was said, and the answer of the metropolis. `etat` and `couleur`: text and colour of the badge."""

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
    """A figure on the answers given: « 87 % », « ont reçu une réponse publique »."""

    valeur: str
    libelle: str


@dataclass(frozen=True, slots=True)
class Chiffre:
    """A figure of the page for the press. `url` opens the list that it counts."""

    valeur: str
    libelle: str
    url: str
    precision: str = ""


@dataclass(frozen=True, slots=True)
class ChiffresCles:
    app: str
    titre: str
    chiffres: Sequence[Chiffre]
    comment: str = ""  # how the figures are counted, in a sentence or two


OUVERTS_MONTRES = 6  # on the home page, all apps together


@dataclass(frozen=True, slots=True)
class SectionAccueil:
    """What an app shows on the home page. `app`: its accent colour.

    `ouverts`: where there may be many, the OUVERTS_MONTRES that end first; the page shows no other.
    `voix`: voices of the last twelve months by code Insee; the app has already set small numbers to None.
    `comptes_le`: when its figures were counted, if it was before the page was made.
    """

    app: str
    porte: Porte | None = None
    portes: Sequence[Porte] = ()
    ouverts: Sequence[Ouvert] = ()
    reponses: Sequence[Echange] = ()
    resultats: Sequence[Resultat] = ()
    voix: Mapping[str, int | None] = field(default_factory=dict)
    comptes_le: datetime | None = None
    url_ouverts: str = ""
    url_reponses: str = ""


class Rubrique(StrEnum):
    """What a person comes to do: the public menu has one list for each, in this order."""

    AGIR = gettext_noop("Agir")
    SE_REUNIR = gettext_noop("Se réunir")
    SUIVRE = gettext_noop("Suivre")


@dataclass(frozen=True, slots=True)
class EntreePublique:
    rubrique: Rubrique
    libelle: str
    url: str
    # Pages of which the entry is the one that says where we are, when they are not under `url`.
    sous: str = ""


@dataclass(frozen=True, slots=True)
class PageDuPlan:
    """A page of the sitemap for search engines."""

    url: str
    modifiee_le: date | datetime | None = None


@dataclass(frozen=True, slots=True)
class EntreeBureau:
    """An entry of the menu of the back office.

    `app` gives a domain its coloured square; other entries have an `icone`. `nombre`: to deal with;
    `retards`: late. Each is a number, or a function that returns the rows to count. The rows of all entries
    are counted in one statement. `domaine`: the app that gives it, written by the menu.
    """

    libelle: str
    url: str
    app: str = ""
    icone: str = ""
    nombre: "int | Callable[[], QuerySet[Any, Any]]" = 0
    retards: "int | Callable[[], QuerySet[Any, Any]]" = 0
    domaine: str = ""


@dataclass(frozen=True, slots=True)
class Trouve:
    """A public page found by its words."""

    titre: str
    url: str
    precision: str = ""


@dataclass(frozen=True, slots=True)
class Cherchable:
    """A kind of public pages to search, other than dossiers, whose words the socle knows.

    `ensemble`: what anybody may read, with all that `dire` reads. `champs`: its texts, searched in French.
    """

    cle: str
    titre: str
    app: str
    ensemble: "Callable[[], QuerySet[Any, Any]]"
    champs: Sequence[str]
    dire: Callable[[Any], Trouve]


@dataclass(frozen=True, slots=True)
class Suivie:
    """Something that an address follows by mail. `cle`: unique among all apps. `arreter`: what stops it, safe to do twice.

    `repere`: what tells it from another of the same title (its reference, since when). `langue`: in which she asked for it.
    """

    cle: str
    genre: str
    titre: str
    repere: str
    arreter: Callable[[], object]
    url: str = ""
    langue: str = FRANCAIS


@dataclass(frozen=True, slots=True)
class PersonneTrouvee:
    """A person without an account whom an agent looks for: name, email, role in which dossier, and its URL."""

    nom: str
    courriel: str
    quoi: str
    url: str


class Etape(StrEnum):
    """What is set first on an empty site, in this order."""

    SERVICE = "Dire qui vous êtes"
    EQUIPE = "Inviter l’équipe"
    ADRESSES = "Donner les adresses"
    REGLES = "Confirmer les règles"
    INSTANCES = "Installer les instances"
    OUVRIR = "Ouvrir au public"


@dataclass(frozen=True, slots=True)
class Reglage:
    """Something that must be set before the site serves: `quoi` is an infinitive.

    `reste`: what is missing, in words; "" once it is done. `bloque`: what does not work meanwhile, in a sentence.
    `url`: where it is set, "" when it is in the configuration of the machine. `aux_tables`: in the reference
    tables, which an administrator opens; `a_un_agent`: on a page that an agent opens, and no administrator who is
    none. `peut_attendre`: the site serves without it.
    """

    etape: Etape
    quoi: str
    reste: str
    bloque: str
    url: str
    aux_tables: bool = False
    a_un_agent: bool = False
    peut_attendre: bool = False


@dataclass(frozen=True, slots=True)
class Demarche:
    """What people took part in: its kind (« petition ») and number, and how many took part.

    Drafts, addresses not proved and participations taken back are not counted.
    """

    nature: str
    numero: int
    genre: str
    titre: str
    url: str
    participants: int


@dataclass(frozen=True, slots=True)
class Rattachable:
    """A kind of public page that shows the level of its démarche (`{% attentes %}` of `cadre`).

    `objets`: those that may be chosen, the last first; each has a `titre` and a `get_public_url`. `tous`: « toutes les
    pétitions », where one cadre may serve all; "" otherwise.
    """

    modele: type[models.Model]
    objets: "Callable[[], QuerySet[Any, Any]]"
    tous: str = ""


@dataclass(frozen=True, slots=True)
class BesoinATenir:
    """A need said at a registration: how many people have it, for which meeting, where, and who is named beside."""

    quand: datetime
    rencontre: str
    url: str
    besoin: str
    combien: int
    lieu: str = ""
    precision: str = ""

    @property
    def cle(self) -> str:
        return f"{self.url}|{self.besoin}"


@dataclass(frozen=True, slots=True)
class GenreDePapier:
    """What people may write on paper, sent as a table: the entry form of an agent says its columns and its faults.

    `objets`: (number, name) of what it may be for today. `formulaire`: given one of these numbers, the answers of a row
    (None: none yet) and who enters. `inscrire`: does it from a valid form; the key says the row, which counts once; None for
    what is entered one by one, never by a table.
    `fixes`: answers that are those of every row. `hors`: fields that no column holds. `en_ligne`: where the same is done
    on line; None for what has a printed form of its own. `texte`: what is said before the questions on paper.
    `mots`: field → how it is asked of who writes on paper. `est_public`: whether anybody may print it. `saisie`: where an
    agent enters one.
    """

    cle: str
    titre: str
    objets: Callable[[], Iterable[tuple[int, str]]]
    formulaire: Callable[[int, Any, Any], Any]
    inscrire: Callable[[int, Any, Any, UUID], object] | None
    fixes: Mapping[str, str] = field(default_factory=dict)
    hors: frozenset[str] = frozenset()
    en_ligne: Callable[[int], str] | None = None
    texte: Callable[[int], str] = lambda numero: ""
    mots: Mapping[str, str] = field(default_factory=dict)
    est_public: bool = False
    saisie: Callable[[int], str] | None = None


@dataclass(frozen=True, slots=True)
class AuCalendrier:
    """A public meeting. `sorti`: (words, path) of what came out of it. `cle`: that of its calendar file."""

    cle: str
    genre: str
    app: str
    titre: str
    debut: datetime
    fin: datetime
    lieu: str
    url: str
    sequence: int = 0
    modifie_le: datetime | None = None
    est_annule: bool = False
    sorti: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Devenir:
    """What an app makes of words said at a meeting. `libelle`: « une remontée, à trier ».

    `ouvrir(titre, texte, par)` opens the dossier and returns it; it raises as an act.
    """

    cle: str
    libelle: str
    ouvrir: Callable[[str, str, Any], Any]


@cache
def _vitrine(app: str) -> ModuleType | None:
    nom = f"{app}.vitrine"
    return import_module(nom) if find_spec(nom) is not None else None


def fonctions(place: str) -> list[Callable[..., Any]]:
    """Return the functions of the installed apps for this place, in the order of the apps."""
    vitrines = [_vitrine(app.name) for app in apps.get_app_configs()]
    return [getattr(vitrine, place) for vitrine in vitrines if hasattr(vitrine, place)]


def recueillir(place: str, *arguments: Any) -> Iterator[Any]:
    """Yield what each app gives for this place: lists are flattened, None is left out."""
    for fonction in fonctions(place):
        donne = fonction(*arguments)
        if donne is None:
            continue
        if isinstance(donne, list | tuple):
            yield from donne
        else:
            yield donne
