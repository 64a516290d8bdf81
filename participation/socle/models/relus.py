"""Values that a row had when it was read under its lock.

A constraint whose fields have not changed since is not checked again: the database already holds it, and no
other transaction can change the row. The others are asked in one query.
"""

from collections.abc import Sequence
from datetime import date, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, models
from django.db.models.constraints import BaseConstraint

RELU = "_relu"
# Types whose values change only when they are replaced: a list or a dictionary could change in place.
FIXES = (bool, int, str, float, Decimal, date, time, UUID, type(None))
_champs_lus: dict[str, frozenset[str] | None] = {}


def retenir(objet: models.Model) -> None:
    """Keep, by field, the name and the value of its column."""
    lues = objet.__dict__
    lues[RELU] = {
        champ.name: (champ.attname, lues[champ.attname])
        for champ in objet._meta.concrete_fields
        if not champ.generated and champ.attname in lues and isinstance(lues[champ.attname], FIXES)
    }


class Verifications(models.CheckConstraint):
    """Several checks of one table, asked in one query; each by itself only when one refuses, for its sentence."""

    def __init__(self, verifications: Sequence[models.CheckConstraint]) -> None:
        super().__init__(condition=models.Q(*(une.condition for une in verifications)), name="verifications")
        self.verifications: Sequence[Any] = verifications  # `validate` is missing from the stubs

    def validate(self, model: Any, instance: Any, exclude: Any = None, using: str = DEFAULT_DB_ALIAS) -> None:
        try:
            if not exclude:  # a check that reads a field left out is not asked, by itself
                super().validate(model, instance, using=using)  # type: ignore[misc]
                return
        except ValidationError:
            pass
        refus = []
        for une in self.verifications:
            try:
                une.validate(model, instance, exclude=exclude, using=using)
            except ValidationError as erreur:
                refus.append(erreur)
        if refus:
            raise ValidationError(refus)


class Relu(models.Model):
    """Base of models that are locked before they are changed.

    Only the constraints that a change may break are checked in the database.
    """

    class Meta:
        abstract = True

    def get_constraints(self) -> list[tuple[type[models.Model], Sequence[BaseConstraint]]]:
        intacts = self._intacts()
        return [
            (modele, _ensemble([c for c in siennes if not _tient(c, intacts)]))
            for modele, siennes in super().get_constraints()
        ]

    def _get_unique_checks(self, *args: Any, **options: Any) -> Any:
        uniques, dates = super()._get_unique_checks(*args, **options)  # type: ignore[misc]  # missing from the stubs
        intacts = self._intacts()
        return [(modele, noms) for modele, noms in uniques if not intacts.issuperset(noms)], dates

    def _intacts(self) -> set[str]:
        ici = self.__dict__
        relu: dict[str, tuple[str, Any]] = ici.get(RELU, {})
        return {nom for nom, (attribut, lue) in relu.items() if ici.get(attribut) == lue}


def _ensemble(contraintes: Sequence[BaseConstraint]) -> Sequence[BaseConstraint]:
    verifications = [c for c in contraintes if isinstance(c, models.CheckConstraint)]
    if len(verifications) < 2:
        return contraintes
    return [Verifications(verifications), *(c for c in contraintes if c not in verifications)]


def _tient(contrainte: BaseConstraint, intacts: set[str]) -> bool:
    nom = contrainte.name
    if nom not in _champs_lus:
        _champs_lus[nom] = _champs(contrainte)
    champs = _champs_lus[nom]
    return champs is not None and champs <= intacts


def _champs(contrainte: BaseConstraint) -> frozenset[str] | None:
    """Return the fields that the constraint reads; None when they cannot be told (expressions)."""
    if isinstance(contrainte, models.CheckConstraint) and isinstance(contrainte.condition, models.Q):
        return frozenset(contrainte.condition.referenced_base_fields)
    if isinstance(contrainte, models.UniqueConstraint) and not contrainte.expressions:
        condition = contrainte.condition
        return frozenset(contrainte.fields) | (condition.referenced_base_fields if condition else frozenset())
    return None
