"""Telephones, found by their digits however they were typed."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, Q, Value

from participation.socle.regles.sms import CHIFFRES

_DE = "".join(signe for signes in CHIFFRES for signe in signes[2:-1])
_VERS = "".join(str(chiffre) * 2 for chiffre in range(10))


def chiffres(champ: str) -> Func:
    """Return, in SQL, the digits of a column: « 0612345678 » of « 06 12.34 ٥٦ 78 »."""
    latins = Func(F(champ), Value(_DE), Value(_VERS), function="translate", output_field=models.TextField())
    return Func(
        latins,
        Value("[^0-9]"),
        Value(""),
        Value("g"),
        function="regexp_replace",
        output_field=models.TextField(),
    )


def index_du_telephone(nom: str) -> GinIndex:
    """The index of `telephone`, in each table that keeps that of a person: two may be in one column."""
    return GinIndex(OpClass(chiffres("telephone"), name="gin_trgm_ops"), condition=~Q(telephone=""), name=nom)
