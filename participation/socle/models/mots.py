"""SQL expression of the words of a text that are compared, used for columns and indexes of the database."""

from django.db import models
from django.db.models import Func, Value
from django.db.models.functions import Left, Lower, Trim

from participation.socle.regles.mots import COMPARES_MAX, MOTS_VIDES, SANS_ACCENTS

_DE = "".join(chr(code) for code in SANS_ACCENTS)
_VERS = "".join(chr(code) for code in SANS_ACCENTS.values())


def _remplacer(texte: models.Expression | Func, motif: str, par: str) -> Func:
    return Func(
        texte,
        Value(motif),
        Value(par),
        Value("g"),
        function="regexp_replace",
        output_field=models.TextField(),
    )


def mots_compares(champ: str | Value) -> Trim:
    """Lower case, no accents, no stop words: the text whose trigrams are compared.

    Cut at COMPARES_MAX characters, because the size of an index row is limited.
    """
    nu = Func(
        Lower(Left(champ, COMPARES_MAX)),
        Value(_DE),
        Value(_VERS),
        function="translate",
        output_field=models.TextField(),
    )
    mots = _remplacer(nu, r"\W+", " ")
    return Trim(_remplacer(mots, rf"\m({'|'.join(MOTS_VIDES)})\M ?", ""))
