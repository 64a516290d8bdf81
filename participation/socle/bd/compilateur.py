"""SQL compiler that writes the same SQL as Django's with less work.

Django composes each statement again. For a row of fifty columns and its relations this takes a millisecond,
as much as the query. Three parts make nearly half of this time, and are done here once, or only for what is
needed:

- each column is built again for each statement, then written by a generic method;
- `select_related` looks at every field and relation of the models, to find the few that are named;
- with an ORDER BY, each column is hashed, in case the order uses an expression that is already selected.

A back-office page takes a sixth less (docs/performances.md, « Le prix d’une page du bureau »).
`tests/socle/test_bd.py` compares the SQL and the rows with Django's.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any

from django.db import connection
from django.db.backends.postgresql import compiler
from django.db.backends.postgresql.compiler import (  # type: ignore[import-untyped]
    SQLAggregateCompiler,
    SQLDeleteCompiler,
    SQLInsertCompiler,
    SQLUpdateCompiler,
)
from django.db.models import F
from django.db.models.expressions import Col, OrderBy

__all__ = [
    "SQLAggregateCompiler",
    "SQLCompiler",
    "SQLDeleteCompiler",
    "SQLInsertCompiler",
    "SQLUpdateCompiler",
]


class SQLCompiler(compiler.SQLCompiler):  # type: ignore[misc]
    select: Any

    def compile(self, node: Any) -> tuple[str, Any]:
        """Write a column, the most frequent node, directly: its table and its name."""
        if type(node) is Col and (alias := node.alias):
            table = self.quote_cache.get(alias) or self.quote_name_unless_alias(alias)
            return f"{table}.{_entre_guillemets(node.target.column)}", []
        ecrit: tuple[str, Any] = super().compile(node)
        return ecrit

    def get_default_columns(
        self, select_mask: Any, start_alias: str | None = None, opts: Any = None, from_parent: Any = None
    ) -> list[Any]:
        """Return all the columns of a model, built once for each alias and not for each statement."""
        opts = opts or self.query.get_meta()
        if select_mask or from_parent or opts is None:
            return list(super().get_default_columns(select_mask, start_alias, opts, from_parent))
        debut = start_alias or self.query.get_initial_alias()
        vus = {None: debut}
        colonnes: list[Any] = []
        for rang, (parent, _) in enumerate(_par_table(opts.model)):
            alias = self.query.join_parent_model(opts, parent, debut, vus)
            colonnes += _colonnes(opts.model, rang, alias)
        return colonnes

    def get_related_selections(
        self,
        select: Any,
        select_mask: Any,
        opts: Any = None,
        root_alias: str | None = None,
        cur_depth: int = 1,
        requested: Any = None,
        restricted: bool | None = None,
    ) -> list[Any]:
        """Give Django a model that has only the relations named by `select_related`."""
        demandees = self.query.select_related if requested is None else requested
        if isinstance(demandees, dict):
            if not demandees:
                return []
            if not opts:
                opts, root_alias = self.query.get_meta(), self.query.get_initial_alias()
            opts = _demandees(opts.model, tuple(demandees)) or opts
        return list(
            super().get_related_selections(
                select, select_mask, opts, root_alias, cur_depth, requested, restricted
            )
        )

    def _order_by_pairs(self) -> Iterator[Any]:
        """If the order is made of names only, keep only the annotations:

        Django then has no other column to hash.
        """
        colonnes = self.select
        if not colonnes or self.query.combinator or not all(map(_est_un_nom, self._ordre())):
            yield from super()._order_by_pairs()
            return
        noms = any(alias for _, _, alias in colonnes)
        self.select = [(expr if alias else None, sql, alias) for expr, sql, alias in colonnes if noms]
        try:
            paires = list(super()._order_by_pairs())
        finally:
            self.select = colonnes
        yield from paires

    def _ordre(self) -> Sequence[Any]:
        dit: Sequence[Any] = self.query.extra_order_by or self.query.order_by
        meta = self.query.get_meta() if self.query.default_ordering else None
        return dit or (meta.ordering if meta else ())


def _est_un_nom(ordre: Any) -> bool:
    return isinstance(ordre.expression if isinstance(ordre, OrderBy) else ordre, str | F)


@lru_cache(5_000)
def _entre_guillemets(nom: str) -> str:
    return str(connection.ops.quote_name(nom))


@lru_cache(2_000)
def _par_table(modele: Any) -> list[tuple[Any, list[Any]]]:
    """Group the fields of a model by the parent that holds their columns; None: the model itself."""
    par_table = groupby(modele._meta.concrete_fields, lambda champ: champ.model._meta.concrete_model)
    return [(None if table == modele else table, list(champs)) for table, champs in par_table]


@lru_cache(5_000)
def _colonnes(modele: Any, rang: int, alias: str) -> list[Any]:
    return [champ.get_col(alias) for champ in _par_table(modele)[rang][1]]


class _Demandees:
    """The `_meta` of a model, with only some of its relations."""

    def __init__(self, opts: Any, fields: list[Any], related_objects: list[Any]) -> None:
        self.opts, self.fields, self.related_objects = opts, fields, related_objects

    def __getattr__(self, nom: str) -> Any:
        return getattr(self.opts, nom)


@lru_cache(2_000)
def _demandees(modele: Any, noms: tuple[str, ...]) -> _Demandees | None:
    """Return None if a name is not a relation of the model, so that Django raises its usual error."""
    opts = modele._meta
    champs = [champ for champ in opts.fields if champ.name in noms and champ.is_relation]
    inverses = [lien for lien in opts.related_objects if lien.field.related_query_name() in noms]
    if len(champs) + len(inverses) < len(noms):
        return None
    return _Demandees(opts, champs, inverses)
