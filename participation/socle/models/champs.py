"""The keys of the house: a row that another one names is never deleted; what may be missing may be left empty in a form.
And how many rows hang on one, for the lists."""

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from django.db import models
from django.db.models.fields.related_descriptors import ForwardManyToOneDescriptor, ForwardOneToOneDescriptor
from django.db.models.functions import Coalesce

from participation.socle.bd.lignes import est_numerotee, ligne
from participation.socle.models.relus import etait

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

    def clone(self) -> Any:
        _, _, args, options = self.deconstruct()
        return self.de_django(*args, **options)

    def validate(self, value: Any, model_instance: Any) -> None:
        """Whether what it names exists is not asked for a row in hand, nor for a key that the row bears already in the database:
        one was read, the database keeps the other, and refuses what went meanwhile."""
        if self._est_tenue(value, model_instance):
            models.Field.validate(self, value, model_instance)  # type: ignore[arg-type]  # a mixin
        else:
            super().validate(value, model_instance)  # type: ignore[misc]  # a mixin

    def _est_tenue(self, valeur: Any, objet: Any) -> bool:
        champ: Any = self
        if valeur is None or objet is None or champ.get_limit_choices_to():
            return False
        if etait(objet, champ.name, valeur):
            return True
        nomme = champ.get_cached_value(objet, None)
        return (
            nomme is not None
            and not nomme._state.adding
            and getattr(nomme, champ.target_field.attname) == valeur
        )


class _Nommee:
    """What a key names, read by a statement already written: half of what a page asks is that."""

    field: Any

    def get_object(self, instance: models.Model) -> Any:
        modele, numero = self.field.remote_field.model, getattr(instance, self.field.attname)
        par_numero = type(numero) is int and self.field.target_field.primary_key and est_numerotee(modele)
        if not par_numero or self.field.remote_field.parent_link:
            return super().get_object(instance)  # type: ignore[misc]  # a mixin
        return ligne(modele).lire(numero)


class _VersUne(_Nommee, ForwardManyToOneDescriptor):  # type: ignore[type-arg]
    pass


class _VersLaSienne(_Nommee, ForwardOneToOneDescriptor):  # type: ignore[type-arg]
    pass


class CleEtrangere(_Protegee, models.ForeignKey[S, G]):
    de_django = models.ForeignKey
    forward_related_accessor_class = _VersUne


class CleUnique(_Protegee, models.OneToOneField[S, G]):
    de_django = models.OneToOneField
    forward_related_accessor_class = _VersLaSienne


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
