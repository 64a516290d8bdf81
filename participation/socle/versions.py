"""Two windows on one text: who sends second is told, and sees both. Nothing is overwritten unread."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ObjectDoesNotExist, ValidationError
from django.db.models import Model

from participation.socle.francais import jour_texte
from participation.socle.verrous import verrou

CHAMP = "vu"
MONTRE = "montre"  # what a form that watches no text showed of its object, all the same


class TexteDepasse(ValidationError):
    """The text changed after the page was opened. Says, field by field, what is kept today."""


def empreinte(objet: object, champs: Sequence[str]) -> str:
    valeurs = [str(getattr(objet, champ)) for champ in champs]
    return hashlib.sha256(json.dumps(valeurs).encode()).hexdigest()[:32]


def exiger_version(objet: object, ecrits: Mapping[str, str], vu: str) -> None:
    """To be called once `objet` is locked and read again. `ecrits`: what was typed; `vu`: what the page had been made from.

    Raises TexteDepasse. An empty `vu` asks for nothing: no page was read.
    """
    if not vu or vu == empreinte(objet, list(ecrits)):
        return
    raise TexteDepasse(
        _dire(
            "Ce texte a changé pendant que vous l’écriviez.",
            {
                champ: f"Aujourd’hui, il est écrit : « {actuel} »"
                for champ, ecrit in ecrits.items()
                if (actuel := str(getattr(objet, champ))) != ecrit
            },
        )
    )


def exiger_inchange(objet: Model, ecrits: Mapping[str, Any], montre: str) -> None:
    """The same, for any form that showed fields of `objet` as they were, whatever its action looks at.

    In the act's transaction: from here to its end, one page at a time writes this object. Raises TexteDepasse.
    """
    verrou(f"versions.{objet._meta.label}.{objet.pk}")
    try:
        objet.refresh_from_db(fields=list(ecrits))
    except ObjectDoesNotExist:
        return  # the action says it better
    autres = {champ: _lu(objet, champ) for champ, ecrit in ecrits.items() if getattr(objet, champ) != ecrit}
    # What was sent twice is as it is wanted already.
    if autres and montre != empreinte(objet, list(ecrits)):
        raise TexteDepasse(_dire("Ceci a changé pendant que vous l’écriviez.", autres))


def _dire(quoi: str, autres: Mapping[str, str]) -> dict[str, Any]:
    return {
        NON_FIELD_ERRORS: [
            f"{quoi} Rien n’est enregistré : votre version est gardée ici, avec celle d’aujourd’hui. "
            "Reprenez ce qui doit l’être, puis envoyez de nouveau."
        ],
        **{champ: [dit] for champ, dit in autres.items()},
    }


def _lu(objet: Model, champ: str) -> str:
    """As a page says it."""
    valeur = getattr(objet, f"get_{champ}_display", lambda: getattr(objet, champ))()
    if valeur is None or valeur == "":
        return "Aujourd’hui, rien n’est écrit."
    if isinstance(valeur, bool):
        return f"Aujourd’hui : {'oui' if valeur else 'non'}."
    return f"Aujourd’hui, il est écrit : « {jour_texte(valeur) if isinstance(valeur, date) else valeur} »"
