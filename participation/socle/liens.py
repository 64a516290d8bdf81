"""Signed links of letters: each opens one thing without an account. Nothing is stored for them."""

from datetime import date, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.core import signing
from django.urls import register_converter, reverse
from django.urls.converters import StringConverter, UUIDConverter
from django.utils import timezone
from django.utils.crypto import constant_time_compare

NUMERO_MAX = 2**63 - 1  # the highest primary key
# A short link holds a signature cut to SIGNES characters (96 bits, out of reach of online guessing), and its
# day of issue in JOUR characters.
SIGNES, JOUR = 16, 3
EPOQUE = date(1970, 1, 1)


class LienInvalide(Exception):
    """A link that we did not sign, or not for this use."""


class LienExpire(LienInvalide):
    """A link that we signed, but older than its `duree`."""


class Lien:
    """One kind of signed link.

    `sel` names what the link opens. It never changes: links already sent must still open the same thing.
    `duree`: validity, unlimited by default. `est_court`: a short token, for links on paper or dictated by
    phone. `lettre` and `page`: in an SMS the link is a `/s/…` path that begins with this letter and redirects
    to this route.
    """

    courts: ClassVar[dict[str, "Lien"]] = {}

    def __init__(
        self,
        sel: str,
        *,
        duree: timedelta | None = None,
        est_court: bool = False,
        lettre: str = "",
        page: str = "",
    ) -> None:
        self.sel, self.duree, self.lettre, self.page = sel, duree, lettre, page
        self.signature = signing.Signer(salt=sel, sep=".") if est_court else None
        if lettre and self.courts.setdefault(lettre, self).sel != sel:
            raise ValueError(f"Two links are short by the letter {lettre!r}.")

    def jeton(self, *numeros: int) -> str:
        if self.signature is not None:
            (numero,) = numeros
            return self.signature.sign(str(numero))
        return signing.dumps(numeros[0] if len(numeros) == 1 else list(numeros), salt=self.sel)

    def lire(self, jeton: str) -> int:
        """Return the number in the link. Raises LienExpire or LienInvalide."""
        (numero,) = self.lire_plusieurs(jeton, 1)
        return numero

    def numero(self, jeton: str) -> int:
        """Return the number in the link; 0, which no row has, when the link is not valid."""
        try:
            return self.lire(jeton)
        except LienInvalide:
            return 0

    def lire_plusieurs(self, jeton: str, combien: int) -> tuple[int, ...]:
        """Return the numbers of a link that holds several. Raises LienExpire or LienInvalide."""
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

    def adresse_courte(self, numero: int) -> str:
        """Return the short path for an SMS. It opens the same page for `settings.SMS["LIEN_JOURS"]` days."""
        jour = signing.b62_encode(_jour()).rjust(JOUR, "0")
        corps = f"{self.lettre}{jour}{signing.b62_encode(numero)}"
        signataire = _signataire(self)
        return reverse("socle:lien_court", args=[f"{corps}{_signer(signataire, corps, signataire.key)}"])

    def _ouvrir(self, jeton: str) -> Any:
        if self.signature is not None:
            return int(self.signature.unsign(jeton))
        return signing.loads(jeton, salt=self.sel, max_age=self.duree)


def adresse_longue(jeton: str) -> str:
    """Return the path that a short link stands for. Raises LienExpire or LienInvalide."""
    corps, signature = jeton[:-SIGNES], jeton[-SIGNES:]
    lien = Lien.courts.get(corps[:1])
    if lien is None:
        raise LienInvalide
    signataire = _signataire(lien)
    cles = (signataire.key, *signataire.fallback_keys)
    if not any(constant_time_compare(signature, _signer(signataire, corps, cle)) for cle in cles):
        raise LienInvalide
    if _jour() - signing.b62_decode(corps[1 : 1 + JOUR]) > settings.SMS["LIEN_JOURS"]:
        raise LienExpire
    return reverse(lien.page, args=[lien.jeton(signing.b62_decode(corps[1 + JOUR :]))])


def _jour() -> int:
    """Return the number of today in Paris.

    In UTC, a link issued just after midnight would last one day more.
    """
    return (timezone.localdate() - EPOQUE).days


def _signataire(lien: Lien) -> signing.Signer:
    return signing.Signer(salt=f"court.{lien.sel}")


def _signer(signataire: signing.Signer, corps: str, cle: str | bytes) -> str:
    return signataire.signature(corps, cle)[:SIGNES]


class JetonConverter(StringConverter):
    """`<jeton:jeton>` in a route: a signed link. `journaux` masks it in the logs."""


class CleSecreteConverter(UUIDConverter):
    """`<cle_secrete:cle>` in a route: a random key that opens without an account. Masked in the logs too."""


SECRETS = (JetonConverter, CleSecreteConverter)
register_converter(JetonConverter, "jeton")
register_converter(CleSecreteConverter, "cle_secrete")
