"""What writes the SQL of every page: Django's own compiler, less what it does for nothing. The text is the same."""

from collections.abc import Iterator, Sequence
from typing import Any

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
        """A column, as most of what is written: its two names, and nothing else to look for."""
        if type(node) is not Col:
            ecrit: tuple[str, Any] = super().compile(node)
            return ecrit
        nom, colonne = self.quote_name_unless_alias, node.target.column
        return f"{nom(node.alias)}.{nom(colonne)}" if node.alias else nom(colonne), []

    def quote_name_unless_alias(self, name: str) -> str:
        """Once for each name of a statement: Django looks at each of them again before it remembers."""
        deja: str | None = self.quote_cache.get(name)
        return super().quote_name_unless_alias(name) if deja is None else deja

    def _order_by_pairs(self) -> Iterator[Any]:
        """An order by names asks for the annotations alone: Django first hashes every column of the statement, to find one by what
        it is. That was a third of what a list costs to write."""
        colonnes = self.select
        if not colonnes or self.query.combinator or not all(map(_est_un_nom, self._ordre())):
            yield from super()._order_by_pairs()
            return
        self.select = [(expr if alias else None, sql, alias) for expr, sql, alias in colonnes]
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
