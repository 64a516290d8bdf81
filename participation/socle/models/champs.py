"""The keys of the house: a row that another one names is never deleted; what may be missing may be left empty in a form.
And how many rows hang on one, for the lists."""

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from django.db import models
from django.db.models.functions import Coalesce

CLES_LUES = "cles_lues"
PERDUE = object()
S = TypeVar("S")
G = TypeVar("G")


class _Protegee:
    """Protects what it points to, unless `on_delete` says otherwise; `blank` follows `null`. For migrations, the plain field."""

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

    def validate(self, value: Any, model_instance: Any) -> None:
        """Whether what it points to is there: the database keeps it. So it is asked neither of a row that was read nor of a key that
        came with its own."""
        champ: Any = self
        lue = champ.get_cached_value(model_instance, None)
        est_lue = lue is not None and not lue._state.adding and lue.pk == value
        connues = vars(model_instance).get(CLES_LUES, {})
        if not champ._limit_choices_to and (est_lue or connues.get(champ.attname, PERDUE) == value):
            models.Field.validate(champ, value, model_instance)
        else:
            super().validate(value, model_instance)  # type: ignore[misc]  # a mixin

    def clone(self) -> Any:
        _, _, args, options = self.deconstruct()
        return self.de_django(*args, **options)


class CleEtrangere(_Protegee, models.ForeignKey[S, G]):
    de_django = models.ForeignKey


class CleUnique(_Protegee, models.OneToOneField[S, G]):
    de_django = models.OneToOneField


def retenir_les_cles(lu: models.Model) -> None:
    """Of a row that was just read and is locked: what its keys are."""
    cles = [champ.attname for champ in lu._meta.concrete_fields if isinstance(champ, _Protegee)]
    vars(lu)[CLES_LUES] = {cle: vars(lu)[cle] for cle in cles if cle in vars(lu)}


class Combien(Coalesce):
    """How many rows of `objets` (filtered by OuterRef) hang on each row of a list.

    A count over a join makes the whole list be joined and grouped before its first page; this is asked for the rows shown only,
    and left out of the count of the pages.
    """

    def __init__(self, objets: models.QuerySet[Any]) -> None:
        un_seul = objets.order_by().annotate(
            _n=models.Func("pk", function="COUNT", output_field=models.IntegerField())
        )
        super().__init__(models.Subquery(un_seul.values("_n")), 0)
