"""Who runs this site: its name, its words, and how they stand in a sentence. Every text of the site reads them here.

In a text `{metropole}` is what one says for short (« la {metropole} répond »); see `Collectivite.mots` for the others.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from django.apps import apps
from django.core.cache import caches
from django.db import Error
from django.urls import reverse
from django.utils.functional import lazy

from participation.socle.bd.cache import une_minute
from participation.socle.francais import a_qui, de, majuscule, nombre
from participation.socle.langues import en_francais
from participation.socle.regles.couleurs import tons_clairs, tons_sombres
from participation.socle.regles.lois import AU_DEPART

CLE = "collectivite"
ARTICULES = ("le_nom", "Le_nom", "de_nom", "a_nom")


@dataclass(frozen=True, slots=True)
class Nature:
    """Words of a kind of intercommunalité (CGCT, fifth part): always « la … », and never an elision."""

    nom: str
    mot: str
    adjectif: str
    feminin: str


METROPOLE = Nature("métropole", "Métropole", "métropolitain", "métropolitaine")
NATURES = {
    "metropole": METROPOLE,
    "urbaine": Nature("communauté urbaine", "Communauté", "communautaire", "communautaire"),
    "agglomeration": Nature("communauté d’agglomération", "Communauté", "communautaire", "communautaire"),
    "communes": Nature("communauté de communes", "Communauté", "communautaire", "communautaire"),
}


@dataclass(frozen=True)
class Collectivite:
    """The facts of `ReglageService` that every page says. `article`: « la », « le », « l’ », « les » or "".

    `couleur`: « #24475a », "" for that of the application. `logo`: its fingerprint, "" without one.
    """

    nom_ecrit: str = ""
    nom_court: str = ""
    article: str = ""
    nature: str = "metropole"
    conseil_ecrit: str = ""
    elus_ecrits: str = ""
    service: str = "Participation"
    communes: int = 0
    couleur: str = ""
    pied_ecrit: str = ""
    logo: str = ""
    lois: tuple[tuple[str, str], ...] = ()

    @property
    def sorte(self) -> Nature:
        return NATURES.get(self.nature, METROPOLE)

    @property
    def nom(self) -> str:
        """The name without its article, for titles; that of its kind while nobody gave one."""
        return self.nom_ecrit or self.sorte.mot

    @property
    def le_nom(self) -> str:
        article = self.article if self.nom_ecrit else "la"
        return f"{article}{'' if article in ('', 'l’') else ' '}{self.nom}"

    @property
    def court(self) -> str:
        return self.nom_court or self.nom

    @property
    def site(self) -> str:
        """The name of the site: « Participation, » and the name."""
        return f"{self.service}, {self.nom}"

    @property
    def conseil(self) -> str:
        """The assembly, masculine: « conseil métropolitain »."""
        return self.conseil_ecrit or f"conseil {self.sorte.adjectif}"

    @property
    def elus(self) -> str:
        """Its members, plural: « conseillères et conseillers métropolitains »."""
        return self.elus_ecrits or f"conseillères et conseillers {self.sorte.adjectif}s"

    @property
    def feuille(self) -> str:
        """The address of the stylesheet of the colour."""
        return reverse("socle:couleurs", args=[self.couleur.removeprefix("#")])

    @property
    def ton_clair(self) -> str:
        """The colour on a light ground, in letters and documents, which do not read theme.css; `ton_sombre`: on a dark one."""
        return tons_clairs(self.couleur).base if self.couleur else "#24475a"

    @property
    def ton_sombre(self) -> str:
        return tons_sombres(self.couleur).base if self.couleur else "#9fc6d9"

    @property
    def pied(self) -> str:
        """The sentence at the foot of public pages."""
        return (
            self.pied_ecrit
            or f"{nombre(self.communes)} communes, une règle : chaque voix reçue reçoit une réponse, et la réponse est publique."
        )

    @property
    def mots(self) -> dict[str, str]:
        """What `{…}` stands for in the texts of the site."""
        # « du », « à la » are words of French: another language says the name alone.
        mots = self._mots_francais
        return mots if en_francais() else mots | dict.fromkeys(ARTICULES, self.nom)

    @cached_property
    def _mots_francais(self) -> dict[str, str]:
        sorte = self.sorte
        return {
            "nom": self.nom,
            "le_nom": self.le_nom,
            "Le_nom": majuscule(self.le_nom),
            "de_nom": de(self.le_nom),
            "a_nom": a_qui(self.le_nom),
            "court": self.court,
            "service": self.service,
            "site": self.site,
            "metropole": sorte.mot,
            "metropolitain": sorte.adjectif,
            "metropolitaine": sorte.feminin,
            "metropolitains": f"{sorte.adjectif}s",
            "metropolitaines": f"{sorte.feminin}s",
            "conseil": self.conseil,
            "elus": self.elus,
            "Conseil": majuscule(self.conseil),
            "communes": nombre(self.communes),
            **{f"loi_{cle}": cite for cle, cite in (*AU_DEPART, *self.lois)},
        }

    def dire(self, texte: str) -> str:
        """Return the text with the words of this collectivité; another `{…}` stays as it is."""
        mots = self.mots
        return MOT.sub(lambda trouve: mots.get(trouve[1], trouve[0]), str(texte))


MOT = re.compile(r"\{([A-Za-z_]+)\}")
_derniere: list[Collectivite] = []


def collectivite() -> Collectivite:
    """Return who runs the site, read once a minute in each process; what is known while the database fails."""
    try:
        lue = une_minute(CLE, _lire)
    except Error:
        return derniere_connue()
    _derniere[:] = [lue]
    return lue


def derniere_connue() -> Collectivite:
    """Return it without a query, for the pages of a breakdown."""
    return _derniere[0] if _derniere else Collectivite()


def oublier_la_collectivite() -> None:
    """The row was written: this process reads it again, the others within a minute."""
    caches["processus"].delete(CLE)


def _lire() -> Collectivite:
    modele: Any = apps.get_model("socle", "ReglageService")
    return cast("Collectivite", modele.actuel().collectivite())


def ici(texte: str) -> str:
    """Return a text of the site as one says it here: « la {metropole} répond », « les communes {de_nom} »."""
    return collectivite().dire(texte)


# The same, said when it is shown: for what is read with its module (labels of forms, tables of acts).
ici_plus_tard = cast("Callable[[str], str]", lazy(ici, str))
