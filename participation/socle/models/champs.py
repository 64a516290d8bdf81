"""Foreign keys that default to PROTECT and whose `blank` follows `null`; for lists, a count of related rows, and many keys."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Coalesce

from participation.socle.models.relus import RELU

S = TypeVar("S")
G = TypeVar("G")


class _Protegee:
    """Mixin: PROTECT unless `on_delete` is given, and `blank` follows `null`.

    In migrations the field is written as the plain Django one.
    """

    de_django: ClassVar[Any]

    def __init__(
        self, to: Any, on_delete: Callable[..., Any] = models.PROTECT, *, null: bool = False, **options: Any
    ) -> None:
        options.setdefault("blank", null)
        super().__init__(to, on_delete, null=null, **options)  # type: ignore[call-arg]  # a mixin

    def deconstruct(self) -> Any:
        champ: Any = super()
        nom, _, args, options = champ.deconstruct()
        options.setdefault("verbose_name", self.verbose_name)  # type: ignore[attr-defined]  # a mixin
        return nom, f"django.db.models.{self.de_django.__name__}", args, options

    def clone(self) -> Any:
        _, _, args, options = self.deconstruct()
        return self.de_django(*args, **options)

    def validate(self, value: Any, model_instance: Any) -> None:
        """Check the value, but skip the query for the row when its existence is already known.

        It is known when the object itself is in hand, or when the key has not changed since the row was
        locked. The database still refuses a key whose row was deleted meanwhile.
        """
        if self._est_tenue(value, model_instance):
            models.Field.validate(self, value, model_instance)  # type: ignore[arg-type]  # a mixin
        else:
            super().validate(value, model_instance)  # type: ignore[misc]  # a mixin

    def _est_tenue(self, valeur: Any, objet: Any) -> bool:
        champ: Any = self
        if valeur is None or objet is None or champ.get_limit_choices_to():
            return False
        if vars(objet).get(RELU, {}).get(champ.name) == (champ.attname, valeur):
            return True
        nomme = champ.get_cached_value(objet, None)
        return (
            nomme is not None
            and not nomme._state.adding
            and getattr(nomme, champ.target_field.attname) == valeur
        )


class CleEtrangere(_Protegee, models.ForeignKey[S, G]):
    de_django = models.ForeignKey


class CleUnique(_Protegee, models.OneToOneField[S, G]):
    de_django = models.OneToOneField


class Combien(Coalesce):
    """Number of rows of `objets` (filtered by OuterRef) related to each row of a list.

    A count over a join would join and group the whole list before its first page. This subquery runs only for
    the rows shown, and is left out of the count for pagination. It counts rows, not keys: an index that has not the
    key then suffices.
    """

    def __init__(self, objets: models.QuerySet[Any]) -> None:
        un_seul = objets.order_by().annotate(
            _n=models.Func(template="COUNT(*)", output_field=models.IntegerField())
        )
        super().__init__(models.Subquery(un_seul.values("_n")), 0)


def parmi(cles: "models.QuerySet[Any, Any] | Sequence[int]", champ: str = "pk") -> models.Func:
    """Condition: the key `champ` is one of these. For a set, and for more than some hundred keys.

    They are one array, looked up in the index of the key: with IN, the planner of a set would read the whole table, and
    every key would be a parameter to compose, parse and plan; so would it be in ARRAY[…], as a list is sent.
    """
    cherchees: Any = (
        ArraySubquery(cles)
        if isinstance(cles, models.QuerySet)
        else models.Value(f"{{{','.join(map(str, cles))}}}", ArrayField(models.BigIntegerField()))
    )
    return models.Func(
        models.F(champ),
        cherchees,
        template="%(expressions)s)",
        arg_joiner=" = ANY(",
        output_field=models.BooleanField(),
    )
