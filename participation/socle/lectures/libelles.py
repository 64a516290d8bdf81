"""Labels of the reference tables in other languages: what is translated, what is not, in which table each stands."""

from dataclasses import dataclass
from typing import Any

from django.apps import apps

from participation.socle.bd.cache import une_minute
from participation.socle.francais import majuscule
from participation.socle.langues import AUTRES, langue
from participation.socle.models import LibelleTraduit

CLE = "libelles_traduits"


@dataclass(frozen=True, slots=True)
class Libelle:
    """A label of a table. `derniere`: what was last written of it in this language."""

    francais: str
    derniere: LibelleTraduit | None

    @property
    def texte(self) -> str:
        return self.derniere.texte if self.derniere else ""

    @property
    def est_livre(self) -> bool:
        return self.derniere is not None and self.derniere.par_id is None


def dernieres(code: str) -> dict[str, LibelleTraduit]:
    lignes = LibelleTraduit.objects.filter(langue=code).order_by("francais", "-pk").distinct("francais")
    return {ligne.francais: ligne for ligne in lignes.select_related("par")}


def tables() -> list[tuple[str, list[str]]]:
    """Return each table whose labels residents read (`LIBELLES_PUBLICS`), with its labels in their order."""
    modeles = [modele for modele in apps.get_models() if hasattr(modele, "LIBELLES_PUBLICS")]
    return [(majuscule(str(m._meta.verbose_name_plural)), _libelles(m)) for m in modeles]


def _libelles(modele: Any) -> list[str]:
    lignes = modele._default_manager.values_list(*modele.LIBELLES_PUBLICS)
    return list(dict.fromkeys(mot for ligne in lignes for mot in ligne if mot))


def par_table(code: str, *, sans_traduction: bool = False) -> list[tuple[str, list[Libelle]]]:
    """Return the tables, with what each label is in this language; without those that have nothing to show."""
    ecrites = dernieres(code)
    lues = [(nom, [Libelle(mot, ecrites.get(mot)) for mot in mots]) for nom, mots in tables()]
    gardes = [(nom, [une for une in siens if not (sans_traduction and une.texte)]) for nom, siens in lues]
    return [(nom, siens) for nom, siens in gardes if siens]


def combien_sans_traduction() -> dict[str, int]:
    """Return, by language, how many labels are still in French."""
    return {code: sum(len(siens) for _, siens in par_table(code, sans_traduction=True)) for code in AUTRES}


def traduit(mot: str) -> str:
    """Return a label in the language of the page; empty when nobody translated it. Read once a minute in each process."""
    tous = une_minute(
        CLE, lambda: {code: {mot: une.texte for mot, une in dernieres(code).items()} for code in AUTRES}
    )
    return tous.get(langue(), {}).get(mot, "")
