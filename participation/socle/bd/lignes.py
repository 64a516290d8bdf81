"""Read one row by its number: the most frequent query (foreign keys, rows read again or locked by an act).

Django composes this query each time, and the server plans it each time. Here it is written once for each
process and planned once for each connection (`preparees`), for a fifth of the cost. Two of five statements of
the tests are of this kind (docs/performances.md, « Le prix d’un acte »). `tests/socle/test_bd.py` compares
the rows with Django's.
"""

from collections.abc import Callable
from functools import cache
from typing import Generic, TypeVar

from django.db import connection
from django.db.models import Model, QuerySet

from participation.socle.bd.preparees import PERSONNE, Planifiee

M = TypeVar("M", bound=Model)


class Ligne(Generic[M]):
    """The part of a queryset that `refresh_from_db` uses.

    `ensemble` returns the queryset to read from, with or without a lock.
    """

    def __init__(self, ensemble: Callable[[], "QuerySet[M, M]"]) -> None:
        lues = ensemble().filter(pk=PERSONNE).order_by()
        self.ensemble, self.modele = ensemble, lues.model
        compilateur = lues.query.get_compiler(connection.alias)
        self.demande = Planifiee(self.modele._meta.db_table, *compilateur.as_sql())
        colonnes = [colonne for colonne, _, _ in compilateur.select]
        self.noms = [colonne.target.attname for colonne in colonnes]
        self.convertir = compilateur.get_converters(colonnes)

    def lire(self, numero: int) -> M:
        trouvees = self.demande(numero)
        if not trouvees:
            absente: type[Exception] = self.modele.DoesNotExist  # type: ignore[attr-defined]
            raise absente(f"{self.modele._meta.object_name} matching query does not exist.")
        valeurs = list(trouvees[0])
        for rang, (convertisseurs, colonne) in self.convertir.items():
            for convertir in convertisseurs:
                valeurs[rang] = convertir(valeurs[rang], colonne, connection)
        return self.modele.from_db(connection.alias, self.noms, valeurs)

    def filter(self, *, pk: int) -> "_UneLigne[M]":
        return _UneLigne(self, pk)


class _UneLigne(Generic[M]):
    def __init__(self, ligne: Ligne[M], numero: int) -> None:
        self.ligne, self.numero = ligne, numero

    def only(self, *champs: str) -> "QuerySet[M, M]":
        return self.ligne.ensemble().filter(pk=self.numero).only(*champs)

    def get(self) -> M:
        return self.ligne.lire(self.numero)


@cache
def ligne(modele: type[M]) -> Ligne[M]:
    """Return the `Ligne` of a model, without a lock."""
    return Ligne(modele._base_manager.all)


@cache
def est_numerotee(modele: type[Model]) -> bool:
    """Whether the primary key is an integer (and not a text or a UUID)."""
    return modele._meta.pk.rel_db_type(connection) in {"bigint", "integer"}  # type: ignore[attr-defined]
