"""Two windows on one text: who sends second is told, and sees both. Nothing is overwritten unread."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

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
    raise depasse(
        "Ce texte a changé pendant que vous l’écriviez.",
        {
            champ: f"Aujourd’hui, il est écrit : « {actuel} »"
            for champ, ecrit in ecrits.items()
            if not est_pareil(actuel := str(getattr(objet, champ)), ecrit)
        },
    )


def est_pareil(un: object, autre: object) -> bool:
    """The same to who reads it: browsers end their lines in another way."""
    if isinstance(un, str) and isinstance(autre, str):
        return un.splitlines() == autre.splitlines()
    return un == autre


def depasse(quoi: str, autres: Mapping[str, str]) -> TexteDepasse:
    """`autres`: what each field that changed says today, in a sentence."""
    dit: dict[str, Any] = {
        NON_FIELD_ERRORS: [
            f"{quoi} Rien n’est enregistré : votre version est gardée ici, avec celle d’aujourd’hui. "
            "Reprenez ce qui doit l’être, puis envoyez de nouveau."
        ],
        **{champ: [phrase] for champ, phrase in autres.items()},
    }
    return TexteDepasse(dit)
