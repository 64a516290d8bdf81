"""What a change replaced, for the public history of a dossier."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Model

from participation.socle.francais import jour_texte


def changements(objet: Model, champs: Mapping[str, Any]) -> list[list[str]]:
    """Return [name of the field, before, after] of each value that changes, in words."""
    meta: Any = objet._meta
    return [
        [str(meta.get_field(nom).verbose_name), _dit(getattr(objet, nom)), _dit(valeur)]
        for nom, valeur in champs.items()
        if getattr(objet, nom) != valeur
    ]


def _dit(valeur: Any) -> str:
    return jour_texte(valeur) if isinstance(valeur, date) else str(valeur or "")
