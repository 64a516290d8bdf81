"""Two windows on any page of an act: what it showed of its object is looked at again, under a lock, before the act."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model

from participation.socle.francais import jour_texte
from participation.socle.verrous import verrou
from participation.socle.versions import depasse, empreinte, est_pareil


def exiger_inchange(objet: Model, ecrits: Mapping[str, Any], montre: str) -> None:
    """As `exiger_version`, for a form that showed these fields of `objet` as they were, whatever its action looks at.

    In the act's transaction: from here to its end, one page at a time writes this object. Raises TexteDepasse.
    """
    verrou(f"inchange.{objet._meta.label}.{objet.pk}")
    try:
        objet.refresh_from_db(fields=list(ecrits))
    except ObjectDoesNotExist:
        return  # the action says it better
    autres = {
        champ: _lu(objet, champ)
        for champ, ecrit in ecrits.items()
        if not est_pareil(getattr(objet, champ), ecrit)
    }
    # What was sent twice is as it is wanted already.
    if autres and montre != empreinte(objet, list(ecrits)):
        raise depasse("Ceci a changé pendant que vous l’écriviez.", autres)


def _lu(objet: Model, champ: str) -> str:
    """As a page says it."""
    valeur = getattr(objet, f"get_{champ}_display", lambda: getattr(objet, champ))()
    if valeur is None or valeur == "":
        return "Aujourd’hui, rien n’est écrit."
    if isinstance(valeur, bool):
        return f"Aujourd’hui : {'oui' if valeur else 'non'}."
    return f"Aujourd’hui, il est écrit : « {jour_texte(valeur) if isinstance(valeur, date) else valeur} »"
