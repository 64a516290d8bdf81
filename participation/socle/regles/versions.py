"""Detection of two people editing the same text: the second sees both versions, and nothing is overwritten."""

import hashlib
import json
from collections.abc import Mapping, Sequence, Set
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

CHAMP = "vu"


MONTRE = "montre"  # field of what the page of an act showed


class TexteDepasse(ValidationError):
    """The text changed after the page was opened. The errors give, field by field, the text of today."""


def empreinte(objet: object, champs: Sequence[str]) -> str:
    valeurs = [str(getattr(objet, champ)) for champ in champs]
    return hashlib.sha256(json.dumps(valeurs).encode()).hexdigest()[:32]


def resumer(montre: Mapping[str, str]) -> str:
    """Return what a page showed, by name, in a few characters for each: what its form sends back."""
    return " ".join(
        f"{nom}:{hashlib.sha256(valeur.encode()).hexdigest()[:10]}" for nom, valeur in montre.items()
    )


def changes(resume: str, montre: Mapping[str, str]) -> Set[str]:
    """Return the names of what is no longer as the page that sent `resume` showed it."""
    autres = set(resume.split()) ^ set(resumer(montre).split())
    return {une.rpartition(":")[0] for une in autres}


def exiger_version(objet: object, ecrits: Mapping[str, str], vu: str) -> None:
    """Check that `objet` still is as the page showed it. Call it once `objet` is locked and read again.

    `ecrits`: texts typed. `vu`: fingerprint of the version that the page was made from; when empty, nothing
    is checked. Raises TexteDepasse.
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
    """Whether two values read the same: browsers end lines differently."""
    if isinstance(un, str) and isinstance(autre, str):
        return un.splitlines() == autre.splitlines()
    return un == autre


def depasse(quoi: str, autres: Mapping[str, str]) -> TexteDepasse:
    """Return the error to raise. `autres`: for each field that changed, a sentence with its present value."""
    dit: dict[str, Any] = {
        NON_FIELD_ERRORS: [
            f"{quoi} Rien n’est enregistré : votre version est gardée ici, avec celle d’aujourd’hui. "
            "Reprenez ce qui doit l’être, puis envoyez de nouveau."
        ],
        **{champ: [phrase] for champ, phrase in autres.items()},
    }
    return TexteDepasse(dit)
