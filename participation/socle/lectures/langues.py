"""What is translated of the public pages, and whether a person read it."""

import hashlib
import json
from copy import copy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import OuterRef, Subquery

from participation.socle.bd.cache import une_minute
from participation.socle.langues import AUTRES, FRANCAIS, NOMS, en_francais, langue
from participation.socle.models import RelectureLangue, TexteTraduit
from participation.socle.models.traductions import VERSIONS
from participation.socle.regles.traductions import JUSTE

CLE = "langues_relues"


@dataclass(frozen=True, slots=True)
class Langue:
    """A language of the site. `derniere`: what was last said of it; `est_relue`: and it is of these very sentences."""

    code: str
    nom: str
    est_relue: bool
    derniere: RelectureLangue | None


@cache
def empreinte(code: str) -> str:
    """Return the hash of the sentences of a language, and of the labels that come with them, as this version of the site has
    them."""
    ecrites = Path(settings.LOCALE_PATHS[0]) / code / "LC_MESSAGES" / "django.mo"
    livres = "".join(f"{mot}={texte}" for mot, texte in sorted(libelles_livres(code).items()))
    return hashlib.sha256(ecrites.read_bytes() + livres.encode()).hexdigest() if ecrites.exists() else ""


def libelles_livres(code: str) -> dict[str, str]:
    """Return what this version of the site brings for the labels of its tables, by their French."""
    tous = json.loads((Path(settings.LOCALE_PATHS[0]) / "libelles.json").read_text(encoding="utf-8"))
    return {mot: dits[code] for mot, dits in tous.items()}


def langues() -> list[Langue]:
    dernieres = {
        relecture.langue: relecture
        for relecture in RelectureLangue.objects.order_by("langue", "-pk")
        .distinct("langue")
        .select_related("par")
    }
    return [
        Langue(code, NOMS[code], _vaut(dernieres.get(code), code), dernieres.get(code)) for code in AUTRES
    ]


def _vaut(derniere: RelectureLangue | None, code: str) -> bool:
    return derniere is not None and derniere.est_relue and derniere.empreinte == empreinte(code)


def est_relue(code: str) -> bool:
    """Whether a person read the sentences of this language. Asked by every page: read once a minute in each process."""
    if code == FRANCAIS:
        return True
    return code in une_minute(CLE, lambda: frozenset(une.code for une in langues() if une.est_relue))


def version_en(source: Any, code: str) -> TexteTraduit | None:
    """Return what people put on line of its texts in this language; read once for each object."""
    lues: dict[str, TexteTraduit | None] = vars(source).setdefault("versions_lues", {})
    if code not in lues:
        lues[code] = source.traductions.en_ligne(code).first()
    return lues[code]


def traduit_en(source: Any, code: str) -> Any:
    """Return a copy for a letter: each public text that people translated whole is in this language, and in `traduits`."""
    version = version_en(source, code) if code != FRANCAIS and hasattr(source, "traductions") else None
    if version is None:
        return source
    lue = copy(source)
    lignes = {champ: version.lignes(champ) for champ in version.textes}
    lue.traduits = [champ for champ, dites in lignes.items() if all(une.etat == JUSTE for une in dites)]
    for champ in lue.traduits:
        setattr(lue, champ, "\n\n".join(une.texte for une in lignes[champ]))
    return lue


def avec_titres_lus(dossiers: Any) -> Any:
    """Read with each dossier its title as people translated it into the language of the page, in the same statement."""
    if en_francais():
        return dossiers
    modele = dossiers.model.traductions.rel.related_model
    siennes = modele.objects.en_ligne(langue()).filter(**{modele.PORTEUR: OuterRef("pk")})
    return dossiers.annotate(titre_traduit=Subquery(siennes.values("en_ligne__titre")[:1]))


def textes_a_revoir() -> list[tuple[str, list[TexteTraduit]]]:
    """Return, by language, the texts that wait for a translator or for a second reader, the oldest first."""
    toutes = [une for modele in TexteTraduit.modeles() for une in modele.du_public().order_by("pk")]
    attendent = [une for une in toutes if une.attend_une_relecture or une.est_a_revoir]
    return [
        (nom, siennes)
        for code, nom in VERSIONS.items()
        if (siennes := [une for une in attendent if une.langue == code])
    ]
