"""What apps say of the data that they keep: uses of personal data, how long, what is purged and how."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models
from django.db.models import QuerySet

from participation.socle.francais import INSECABLE, accorder, majuscule


@dataclass(frozen=True, slots=True)
class Delai:
    """How long something is kept: a column of a règlement, read when it is said and never typed again.

    `champ` says its unit (« conservation_mois »). `depuis`: « après la réponse ». `ligne`: the row that says it, for what
    sets its own delay, as a call does.
    """

    modele: type[models.Model]
    champ: str
    depuis: str
    ligne: models.Model | None = None

    def __str__(self) -> str:
        lu = getattr(self.ligne or self._regle(), self.champ)
        return f"{accorder(lu, 'mois' if 'mois' in self.champ else 'jour', espace=INSECABLE)} {self.depuis}"

    def _regle(self) -> models.Model:
        """Return the règlement in force; for what sets its own delay, the last row."""
        modele: Any = self.modele
        regle: models.Model = (
            modele.actuel()
            if hasattr(modele, "actuel")
            else modele._default_manager.order_by("-pk").first() or modele()
        )
        return regle


def dire_delais(delais: "Sequence[Delai]") -> str:
    """Return « 6 mois après la réponse ; 2 mois si le seuil n’est pas atteint »."""
    return f"{INSECABLE}; ".join(map(str, delais))


@dataclass(frozen=True, slots=True, kw_only=True)
class Traitement:
    """One use of personal data: the row from which come the page about them, the register, and what is said where they
    are asked.

    `cle`: « petitions-signer », its anchor on the page. `tables`: « app.Modele », those that hold them: the register reads
    their columns. `personnes`: whose data. `sensibles`: what the RGPD protects more (article 9). `delais`, then `duree`: how
    long.
    """

    cle: str
    titre: str
    personnes: str
    donnees: str
    finalite: str
    base_legale: str
    destinataires: str
    tables: Sequence[str]
    delais: Sequence[Delai] = ()
    duree: str = ""
    sensibles: str = ""

    @property
    def conservation(self) -> str:
        dits = majuscule(dire_delais(self.delais))
        return " ".join(filter(None, [f"{dits}." if dits else "", self.duree]))


@dataclass(frozen=True, slots=True)
class Lot:
    """Data past their time that go together: a row of the elimination slip. `numero`: in its app. `detail`: what it holds."""

    numero: int
    intitule: str
    nombre: int
    url: str = ""
    debut: date | None = None
    fin: date | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Elimination:
    """A kind of data that an agent purges once the archives gave their visa.

    `delais`: how long they are of use. `reste`: what is not eliminated.
    `lots`: those whose time is past. `eliminer`: the act of the app, with the number of a lot and who asks; it
    refuses without visa (`droits.sans_visa`), and returns how many rows were purged.
    """

    cle: str
    genre: str
    delais: Sequence[Delai]
    reste: str
    lots: "Callable[[], Sequence[Lot]]"
    eliminer: "Callable[[int, Any], int]"

    @property
    def dua(self) -> str:
        return dire_delais(self.delais)


@dataclass(frozen=True, slots=True)
class DemarcheEntiere:
    """A kind of démarche of which all that speaks of people may be erased at once, with a visa of the archives.

    `finies`: the rows whose time is past. `tient`: rows that still hold somebody, by name (« inscriptions »): none is left
    after `oublier`. What is published of it does not change. `delais` and `reste`: as for an Elimination. `par_lots`: erases
    before, in many transactions, what may be hundreds of thousands of rows; safe to run again.
    """

    cle: str
    genre: str
    delais: Sequence[Delai]
    reste: str
    finies: "Callable[[], QuerySet[Any, Any]]"
    tient: "Callable[[Any], Mapping[str, QuerySet[Any, Any]]]"
    oublier: Callable[[Any], object]
    par_lots: Callable[[Any], object] | None = None
