"""The signed links of letters: who holds one opens one thing, without an account. Nothing is kept to make them work."""

from datetime import timedelta
from typing import Any

from django.core import signing
from django.urls import register_converter
from django.urls.converters import StringConverter, UUIDConverter

NUMERO_MAX = 2**63 - 1  # what a row may be numbered


class LienInvalide(Exception):
    """A link that we did not sign, or not for this."""


class LienExpire(LienInvalide):
    """Ours, but older than its `duree`."""


class Lien:
    """One kind of link. `sel` names what it opens, and never changes: a link already sent must open the same thing.

    `duree`: how long it opens, for ever by default. `est_court`: as short as can be, for what is read on paper or by phone.
    """

    def __init__(self, sel: str, *, duree: timedelta | None = None, est_court: bool = False) -> None:
        self.sel, self.duree = sel, duree
        self.signature = signing.Signer(salt=sel, sep=".") if est_court else None

    def jeton(self, *numeros: int) -> str:
        if self.signature is not None:
            (numero,) = numeros
            return self.signature.sign(str(numero))
        return signing.dumps(numeros[0] if len(numeros) == 1 else list(numeros), salt=self.sel)

    def lire(self, jeton: str) -> int:
        """The number that the link holds. Raises LienExpire or LienInvalide."""
        (numero,) = self.lire_plusieurs(jeton, 1)
        return numero

    def lire_plusieurs(self, jeton: str, combien: int) -> tuple[int, ...]:
        """The numbers of a link made of several. Raises LienExpire or LienInvalide."""
        try:
            valeur = self._ouvrir(jeton)
        except signing.SignatureExpired as erreur:
            raise LienExpire from erreur
        except (signing.BadSignature, ValueError, TypeError) as erreur:
            raise LienInvalide from erreur
        numeros = tuple(valeur) if isinstance(valeur, list) else (valeur,)
        if len(numeros) != combien or not all(type(n) is int and 0 < n <= NUMERO_MAX for n in numeros):
            raise LienInvalide
        return numeros

    def _ouvrir(self, jeton: str) -> Any:
        if self.signature is not None:
            return int(self.signature.unsign(jeton))
        return signing.loads(jeton, salt=self.sel, max_age=self.duree)


class JetonConverter(StringConverter):
    """`<jeton:jeton>` in a route: a signed link. `journaux` masks it in what the machine logs."""


class CleSecreteConverter(UUIDConverter):
    """`<cle_secrete:cle>`: a key drawn at random that opens without an account. Masked too."""


SECRETS = (JetonConverter, CleSecreteConverter)
register_converter(JetonConverter, "jeton")
register_converter(CleSecreteConverter, "cle_secrete")
