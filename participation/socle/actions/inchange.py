"""Detect that an object changed while a form about it was open in a page."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model

from participation.socle.francais import jour_texte
from participation.socle.verrous import verrou
from participation.socle.versions import depasse, empreinte, est_pareil


def exiger_inchange(objet: Model, ecrits: Mapping[str, Any], montre: str) -> None:
    """Check that the object has not changed since the form showed it, whatever the action itself checks.

    `ecrits`: values of the form. `montre`: fingerprint of the values shown. Raises TexteDepasse. Holds a lock
    on the object until the end of the transaction.
    """
    verrou(f"inchange.{objet._meta.label}.{objet.pk}")
    try:
        objet.refresh_from_db(fields=list(ecrits))
    except ObjectDoesNotExist:
        return  # the action gives a better message
    autres = {
        champ: _lu(objet, champ)
        for champ, ecrit in ecrits.items()
        if not est_pareil(getattr(objet, champ), ecrit)
    }
    # A form sent twice finds its own values: not a conflict.
    if autres and montre != empreinte(objet, list(ecrits)):
        raise depasse("Ceci a changé pendant que vous l’écriviez.", autres)


def _lu(objet: Model, champ: str) -> str:
    """Return the present value as a sentence for the page."""
    valeur = getattr(objet, f"get_{champ}_display", lambda: getattr(objet, champ))()
    if valeur is None or valeur == "":
        return "Aujourd’hui, rien n’est écrit."
    if isinstance(valeur, bool):
        return f"Aujourd’hui : {'oui' if valeur else 'non'}."
    return f"Aujourd’hui, il est écrit : « {jour_texte(valeur) if isinstance(valeur, date) else valeur} »"
