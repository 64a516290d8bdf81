"""Reading of the mailbox by IMAP. Each mail is saved here before it is marked as read there.

No mail is deleted nor moved. The position is kept in our row of Boite and moves after each mail: an
interrupted reading resumes where it was, and a mail read twice has the same key.
"""

import imaplib
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.utils import timezone

from participation.socle import taches_differees
from participation.socle.erreurs import ErreurMetier
from participation.socle.verrous import verrou_de_session
from remontees.models import Boite, CourrielRecu
from remontees.regles.courriels import cle_de, lire

journal = logging.getLogger(__name__)
TACHE = "remontees.traiter_courriel"
PAR_PASSAGE = 200
ATTENTE = 20  # seconds, for each answer of the IMAP server
TAILLE_MAX = 25 * 1024 * 1024  # bytes; a heavier mail stays in the mailbox and is listed as such
NON_REGLEE = (
    "Aucune boîte n’est relevée. Pour qu’une boîte le soit : BOITE_URL=imaps://nom:mot-de-passe@serveur/INBOX "
    "(voir docs/exploitation.md)."
)
LOURD = "Ce courriel dépasse la taille acceptée : il est resté dans la boîte, ouvrez-le là."
PANNES = (OSError, imaplib.IMAP4.error)


@dataclass(frozen=True, slots=True)
class Adresse:
    """Parsed BOITE_URL: `imaps://name:password@host:993/INBOX`. `imap://` is allowed only on localhost."""

    est_chiffree: bool
    hote: str
    port: int
    nom: str
    mot_de_passe: str
    dossier: str

    @classmethod
    def de(cls, url: str) -> "Adresse":
        """Parse the URL. Raises ErreurMetier that says what is wrong."""
        if not url:
            raise ErreurMetier(NON_REGLEE)
        try:
            lue = urlsplit(url)
            port = lue.port
        except ValueError as erreur:
            raise ErreurMetier(f"BOITE_URL ne se lit pas : {erreur}.") from erreur
        if lue.scheme not in {"imap", "imaps"} or not lue.hostname or not lue.username:
            raise ErreurMetier("BOITE_URL doit être de la forme imaps://nom:mot-de-passe@serveur/INBOX.")
        if lue.scheme == "imap" and lue.hostname not in {"127.0.0.1", "::1", "localhost"}:
            raise ErreurMetier(
                "BOITE_URL doit commencer par imaps:// : le mot de passe circulerait en clair."
            )
        chiffree = lue.scheme == "imaps"
        return cls(
            chiffree,
            lue.hostname,
            port or (993 if chiffree else 143),
            unquote(lue.username),
            unquote(lue.password or ""),
            unquote(lue.path.lstrip("/")) or "INBOX",
        )

    @property
    def en_clair(self) -> str:
        """Name of the mailbox without the password, to be shown."""
        return f"{self.nom}@{self.hote}/{self.dossier}"[:200]


def relever() -> int:
    """Save the new mails of the mailbox and return how many; 0 if another worker is reading it.

    Raises ErreurMetier when the server fails.
    """
    adresse = Adresse.de(settings.BOITE_URL)
    with verrou_de_session("remontees.boite") as pris:
        if not pris:
            return 0
        boite, _ = Boite.objects.get_or_create(nom=adresse.en_clair)
        try:
            combien = _lire(adresse, boite)
        except PANNES as erreur:
            dit = " ".join(str(erreur).split()) or type(erreur).__name__
            Boite.objects.filter(pk=boite.pk).update(erreur=f"La boîte ne répond pas : {dit}"[:300])
            raise ErreurMetier(f"La boîte {boite} ne répond pas : {dit}") from erreur
        Boite.objects.filter(pk=boite.pk).update(erreur="", relevee_le=timezone.now())
        return combien


@contextmanager
def _ouverte(adresse: Adresse) -> Iterator[Any]:
    """Open and log in to the mailbox. The socket is always closed: imap_tools leaves it open on failure."""
    from imap_tools import MailBox, MailBoxUnencrypted

    ouvrir = MailBox if adresse.est_chiffree else MailBoxUnencrypted
    courrier = ouvrir(adresse.hote, adresse.port, timeout=ATTENTE)
    try:
        yield courrier.login(adresse.nom, adresse.mot_de_passe, adresse.dossier)
        courrier.logout()
    finally:
        with suppress(OSError):
            courrier.client.shutdown()


def _lire(adresse: Adresse, boite: Boite) -> int:
    from imap_tools import AND, UidRange

    with _ouverte(adresse) as courrier:
        validite = int(courrier.folder.status(adresse.dossier, ["UIDVALIDITY"])["UIDVALIDITY"])
        if validite != boite.validite:
            # UIDs start again: read everything; known mails have the same key.
            boite.validite, boite.dernier = validite, 0
            boite.save(update_fields=["validite", "dernier"])
        suivants = sorted(int(uid) for uid in courrier.uids(AND(uid=UidRange(str(boite.dernier + 1), "*"))))
        nouveaux = [uid for uid in suivants if uid > boite.dernier][:PAR_PASSAGE]
        for uid in nouveaux:
            _ecrire(courrier.client, uid)
            Boite.objects.filter(pk=boite.pk).update(dernier=uid)
            # Saved here: it may be shown as read there.
            courrier.client.uid("STORE", str(uid), "+FLAGS", "(\\Seen)")
    return len(nouveaux)


def _ecrire(client: Any, uid: int) -> None:
    taille = _taille(client, uid)
    est_lourd = taille > TAILLE_MAX
    octets = _chercher(client, uid, "BODY.PEEK[HEADER]" if est_lourd else "BODY.PEEK[]")
    if octets is None:
        return  # deleted meanwhile
    recu = CourrielRecu(
        cle=cle_de(octets),
        octets=octets,
        taille=taille,
        sort=CourrielRecu.Sort.LOURD if est_lourd else CourrielRecu.Sort.A_TRAITER,
        erreur=LOURD if est_lourd else "",
    )
    if est_lourd:
        lu = lire(octets)
        recu.expediteur, recu.objet, recu.traite_le = lu.adresse, lu.objet, timezone.now()
    CourrielRecu.objects.bulk_create([recu], ignore_conflicts=True)
    if not est_lourd:
        taches_differees.confier(TACHE, str(recu.cle))


def _taille(client: Any, uid: int) -> int:
    _, reponse = client.uid("FETCH", str(uid), "(RFC822.SIZE)")
    trouve = re.search(rb"RFC822\.SIZE (\d+)", b" ".join(r for r in reponse if isinstance(r, bytes)))
    return int(trouve[1]) if trouve else 0


def _chercher(client: Any, uid: int, quoi: str) -> bytes | None:
    """Return the raw bytes: a library that serialises the message again would lose what it cannot parse."""
    etat, reponse = client.uid("FETCH", str(uid), f"({quoi})")
    if etat != "OK":
        raise imaplib.IMAP4.error(f"FETCH {uid} : {etat}")
    return next((bytes(partie[1]) for partie in reponse if isinstance(partie, tuple)), None)
