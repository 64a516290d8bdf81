"""Signed links of letters: each opens one row, without an account."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db.models import QuerySet
from django.urls import register_converter, reverse
from django.urls.converters import StringConverter, UUIDConverter
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from participation.socle.regles.textes import code_tape

if TYPE_CHECKING:
    from participation.socle.models.sceaux import Scelle

M = TypeVar("M", bound="Scelle")
NUMERO_MAX = 2**63 - 1  # the highest primary key
# A short link holds a signature cut to SIGNES characters (96 bits, out of reach of online guessing), and its
# day of issue in JOUR characters.
SIGNES, JOUR = 16, 3
EPOQUE = date(1970, 1, 1)
# What a link says before its signature: the number of the row, then what else it is signed for.
CORPS = re.compile(r"[0-9]{1,19}(?:-[0-9]{1,19})?", re.ASCII)
# A code on paper is typed from it: the letter and the number of the row, then LETTRES of these, none of which looks
# like another (37 bits: failures are limited by network).
LISIBLES, LETTRES = "ACDEFGHJKLMNPQRTUVWXY34679", 8
CODE = re.compile(rf"([A-Z])([0-9]{{1,19}})([{LISIBLES}]{{{LETTRES}}})", re.ASCII)
CORPS_COURT = re.compile(rf"([0-9A-Za-z]{{{JOUR}}})([0-9A-Za-z]{{1,11}})", re.ASCII)


class LienInvalide(Exception):
    """A link that we did not sign, or not for this use, or not for this row."""


class LienExpire(LienInvalide):
    """A link that we signed, but older than its `duree`."""


class Lien:
    """One kind of signed link, declared in the model of the row that it opens.

    A link says the number of its row and is signed with the `sceau` of that row: after a restore, when the
    number may have been given to another row, it does not open that one. `sel` names what the link opens. It
    never changes: links already sent must still open the same thing.
    `duree`: validity, unlimited by default. `est_court`: a short token, for links on paper or dictated by
    phone. `lettre` and `page`: in an SMS the link is a `/s/…` path that begins with this letter and redirects
    to this route. `sur_papier`: the letter, unlike any figure, of the code that who has no mailbox types from a slip of paper.
    """

    courts: ClassVar[dict[str, "Lien"]] = {}
    papiers: ClassVar[dict[str, "Lien"]] = {}
    sortes: ClassVar[dict[str, "Lien"]] = {}  # by `sel`

    modele: "type[Scelle]"

    def __init__(
        self,
        sel: str,
        *,
        duree: timedelta | None = None,
        est_court: bool = False,
        lettre: str = "",
        page: str = "",
        sur_papier: str = "",
    ) -> None:
        self.sel, self.duree, self.est_court = sel, duree, est_court
        self.lettre, self.page, self.sur_papier = lettre, page, sur_papier
        if lettre and self.courts.setdefault(lettre, self).sel != sel:
            raise ValueError(f"Two links are short by the letter {lettre!r}.")
        if sur_papier and self.papiers.setdefault(sur_papier, self).sel != sel:
            raise ValueError(f"Two codes begin with the letter {sur_papier!r}.")

    def __set_name__(self, modele: "type[Scelle]", nom: str) -> None:
        self.modele = modele
        if self.sortes.setdefault(self.sel, self).modele is not modele:
            raise ValueError(f"Two models have a link {self.sel!r}.")

    def jeton(self, objet: "Scelle", precision: int | None = None) -> str:
        """`precision`: what the link is signed for, beside its row, such as the direction that it was sent to."""
        return self.sceller(objet.pk, objet.sceau, precision)

    def sceller(self, numero: int, sceau: UUID, precision: int | None = None) -> str:
        """Return the token for a row that was not read whole."""
        corps = str(numero) if precision is None else f"{numero}-{precision}"
        return self._signataire(sceau).sign(corps)

    def ouvrir(self, jeton: str, objets: "QuerySet[M]") -> M:
        """Return the row that the link names, among these. Raises LienExpire or LienInvalide."""
        objet, precision = self._ouvrir(jeton, objets)
        if precision is not None:
            raise LienInvalide
        return objet

    def trouver(self, jeton: str, objets: "QuerySet[M]") -> M | None:
        """Return the row that the link names; None when the link is not valid."""
        try:
            return self.ouvrir(jeton, objets)
        except LienInvalide:
            return None

    def trouver_precis(self, jeton: str, objets: "QuerySet[M]") -> tuple[M, int] | None:
        """Return the row and the `precision` that the link was signed for; None when the link is not valid."""
        try:
            objet, precision = self._ouvrir(jeton, objets)
        except LienInvalide:
            return None
        return None if precision is None else (objet, precision)

    def trouver_parmi(self, jetons: Iterable[str], objets: "QuerySet[M]") -> M | None:
        """Return the row of the first valid token, in one query; None without a valid one."""
        lus = {jeton: lu[0] for jeton in jetons if (lu := self._lire(jeton)) is not None}
        lignes = {objet.pk: objet for objet in objets.filter(pk__in=set(lus.values()))} if lus else {}
        for jeton, numero in lus.items():
            if numero in lignes:
                try:
                    self._verifier(jeton, lignes[numero].sceau)
                except LienInvalide:
                    continue
                return lignes[numero]
        return None

    def adresse_courte(self, objet: "Scelle") -> str:
        """Return the short path for an SMS. It opens the same page for `settings.SMS["LIEN_JOURS"]` days."""
        jour = signing.b62_encode(_jour()).rjust(JOUR, "0")
        corps = f"{self.lettre}{jour}{signing.b62_encode(objet.pk)}"
        signataire = _signataire_court(self, objet.sceau)
        return reverse("socle:lien_court", args=[f"{corps}{_signer(signataire, corps, signataire.key)}"])

    def code(self, objet: "Scelle") -> str:
        """Return what is written on a slip of paper: « R1042-ACDE-FG34 ». It opens the same page, for ever."""
        lettres = _lettres(self, objet, _signataire_court(self, objet.sceau).key)
        return f"{self.sur_papier}{objet.pk}-{lettres[:4]}-{lettres[4:]}"

    def _signataire(self, sceau: UUID) -> signing.Signer:
        sel = f"{self.sel}.{sceau.hex}"
        return signing.Signer(salt=sel, sep=".") if self.est_court else signing.TimestampSigner(salt=sel)

    def _lire(self, jeton: str) -> tuple[int, int | None] | None:
        """Return what the link says: nothing of it is proved yet."""
        corps = jeton.partition("." if self.est_court else ":")[0]
        if not CORPS.fullmatch(corps):
            return None
        numero, _, precision = corps.partition("-")
        return (int(numero), int(precision) if precision else None) if int(numero) <= NUMERO_MAX else None

    def _verifier(self, jeton: str, sceau: UUID) -> None:
        signataire = self._signataire(sceau)
        try:
            if isinstance(signataire, signing.TimestampSigner):
                signataire.unsign(jeton, max_age=self.duree)
            else:
                signataire.unsign(jeton)
        except signing.SignatureExpired as erreur:
            raise LienExpire from erreur
        except signing.BadSignature as erreur:
            raise LienInvalide from erreur

    def _ouvrir(self, jeton: str, objets: "QuerySet[M]") -> tuple[M, int | None]:
        lu = self._lire(jeton)
        objet = objets.filter(pk=lu[0]).first() if lu is not None else None
        if lu is None or objet is None:
            raise LienInvalide
        self._verifier(jeton, objet.sceau)
        return objet, lu[1]


def adresse_longue(jeton: str) -> str:
    """Return the path that a short link stands for. Raises LienExpire or LienInvalide."""
    corps, signature = jeton[:-SIGNES], jeton[-SIGNES:]
    lien, lu = Lien.courts.get(corps[:1]), CORPS_COURT.fullmatch(corps[1:])
    if lien is None or lu is None:
        raise LienInvalide
    jour, numero = map(signing.b62_decode, lu.groups())
    objets: QuerySet[Any] = lien.modele._default_manager.only("sceau")
    objet = objets.filter(pk=numero).first() if numero <= NUMERO_MAX else None
    if objet is None:
        raise LienInvalide
    signataire = _signataire_court(lien, objet.sceau)
    cles = (signataire.key, *signataire.fallback_keys)
    if not any(constant_time_compare(signature, _signer(signataire, corps, cle)) for cle in cles):
        raise LienInvalide
    if _jour() - jour > settings.SMS["LIEN_JOURS"]:
        raise LienExpire
    return reverse(lien.page, args=[lien.jeton(objet)])


def adresse_du_code(saisi: str) -> str:
    """Return the path that a code typed from paper stands for. Raises LienInvalide."""
    objet = ligne_du_code(saisi)
    return reverse(objet.LIEN.page, args=[objet.jeton()])


def ligne_du_code(saisi: str) -> "Scelle":
    """Return the row that a code typed from paper opens, however it is spaced. Raises LienInvalide."""
    lu = CODE.fullmatch(code_tape(saisi[:60]))
    lien = Lien.papiers.get(lu[1]) if lu is not None else None
    if lu is None or lien is None or int(lu[2]) > NUMERO_MAX:
        raise LienInvalide
    objet: Scelle | None = lien.modele._default_manager.filter(pk=int(lu[2])).first()
    if objet is None:
        raise LienInvalide
    signataire = _signataire_court(lien, objet.sceau)
    cles = (signataire.key, *signataire.fallback_keys)
    if not any(constant_time_compare(lu[3], _lettres(lien, objet, cle)) for cle in cles):
        raise LienInvalide
    return objet


def _lettres(lien: Lien, objet: "Scelle", cle: str | bytes) -> str:
    octets = salted_hmac(
        f"papier.{lien.sel}.{objet.sceau.hex}", str(objet.pk), cle, algorithm="sha256"
    ).digest()
    return "".join(LISIBLES[octet % len(LISIBLES)] for octet in octets[:LETTRES])


def _jour() -> int:
    """Return the number of today in Paris.

    In UTC, a link issued just after midnight would last one day more.
    """
    return (timezone.localdate() - EPOQUE).days


def _signataire_court(lien: Lien, sceau: UUID) -> signing.Signer:
    return signing.Signer(salt=f"court.{lien.sel}.{sceau.hex}")


def _signer(signataire: signing.Signer, corps: str, cle: str | bytes) -> str:
    return signataire.signature(corps, cle)[:SIGNES]


class JetonConverter(StringConverter):
    """`<jeton:jeton>` in a route: a signed link. `journaux` masks it in the logs."""


class CleSecreteConverter(UUIDConverter):
    """`<cle_secrete:cle>` in a route: a random key that opens without an account. Masked in the logs too."""


SECRETS = (JetonConverter, CleSecreteConverter)
register_converter(JetonConverter, "jeton")
register_converter(CleSecreteConverter, "cle_secrete")
