"""A text translated for a test: one person writes, another reads."""

from typing import Any

from participation.socle.actions import traductions
from participation.socle.models import TexteTraduit


def traduire(dossier: Any, par: Any, relue_par: Any, langue: str, mots: str) -> TexteTraduit:
    """Put on line a version that says `mots` for each paragraph."""
    version = dossier.traductions.filter(langue=langue).first()
    version = version or traductions.demander_traduction(dossier, par=par, langue=langue)
    vars(version).pop("textes", None)
    textes = {champ: [[un, mots, ""] for un in siens] for champ, siens in version.textes.items()}
    traductions.ecrire_traduction(version, par=par, textes=textes, vu="")
    traductions.publier_traduction(version, par=relue_par, vu="")
    return version
