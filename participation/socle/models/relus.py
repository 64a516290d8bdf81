"""Values that a row had when it was read under its lock.

A constraint whose fields have not changed since is not checked again: the database already holds it, and no
other transaction can change the row.
"""

from collections.abc import Sequence
from datetime import date, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models.constraints import BaseConstraint

RELU = "_relu"
# Types whose values change only when they are replaced: a list or a dictionary could change in place.
FIXES = (bool, int, str, float, Decimal, date, time, UUID, type(None))
_champs_lus: dict[str, frozenset[str] | None] = {}


def retenir(objet: models.Model) -> None:
    lues = objet.__dict__
    lues[RELU] = {
        champ.name: (champ.attname, lues[champ.attname])
        for champ in objet._meta.concrete_fields
        if not champ.generated and champ.attname in lues and isinstance(lues[champ.attname], FIXES)
    }


def etait(objet: Any, champ: str, valeur: Any) -> bool:
    """Whether this field had this value when the row was read under its lock."""
    _, lue = objet.__dict__.get(RELU, {}).get(champ, ("", RELU))
    return bool(lue == valeur)


class Relu(models.Model):
    """Base of models that are locked before they are changed.

    Only the constraints that a change may break are checked in the database.
    """

    class Meta:
        abstract = True

    def get_constraints(self) -> list[tuple[type[models.Model], Sequence[BaseConstraint]]]:
        toutes: list[tuple[type[models.Model], Sequence[BaseConstraint]]] = super().get_constraints()
        intacts = self._intacts()
        if not intacts:
            return toutes
        return [(modele, [c for c in siennes if not _tient(c, intacts)]) for modele, siennes in toutes]

    def _get_unique_checks(self, *args: Any, **options: Any) -> Any:
        uniques, dates = super()._get_unique_checks(*args, **options)  # type: ignore[misc]  # missing from the stubs
        intacts = self._intacts()
        return [(modele, noms) for modele, noms in uniques if not intacts.issuperset(noms)], dates

    def _intacts(self) -> set[str]:
        ici = self.__dict__
        relu: dict[str, tuple[str, Any]] = ici.get(RELU, {})
        return {nom for nom, (attribut, lue) in relu.items() if ici.get(attribut) == lue}


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
