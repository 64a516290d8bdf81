"""The mailbox, read by IMAP: each letter is written here before anything is said to the mailbox, whatever breaks meanwhile.

Nothing is deleted nor moved there. How far it was read is our own row, that moves after each letter: a mailbox that dies in the
middle is taken up where it was, and a letter seen twice has the same key.
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
ATTENTE = 20  # seconds given to its server for each of its answers
TAILLE_MAX = 25 * 1024 * 1024  # bytes; heavier mails stay in the mailbox, and are said
NON_REGLEE = (
    "Aucune boîte n’est relevée. Pour qu’une boîte le soit : BOITE_URL=imaps://nom:mot-de-passe@serveur/INBOX "
    "(voir docs/exploitation.md)."
)
LOURD = "Ce courriel dépasse la taille acceptée : il est resté dans la boîte, ouvrez-le là."
PANNES = (OSError, imaplib.IMAP4.error)


@dataclass(frozen=True, slots=True)
class Adresse:
    """`imaps://name:password@host:993/INBOX`; `imap://` for a server of the same machine only."""

    est_chiffree: bool
    hote: str
    port: int
    nom: str
    mot_de_passe: str
    dossier: str

    @classmethod
    def de(cls, url: str) -> "Adresse":
        """Raises ErreurMetier, with what is wrong."""
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
        """What may be shown."""
        return f"{self.nom}@{self.hote}/{self.dossier}"[:200]


def relever() -> int:
    """Write down what is new in the mailbox. Returns how many; 0 when another worker reads it. Raises ErreurMetier."""
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
    """The mailbox, signed in; its socket closed whatever happens: the library leaves it open when the server dies or refuses."""
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
            # Its numbers begin anew: all is read again, and what is known already has its key.
            boite.validite, boite.dernier = validite, 0
            boite.save(update_fields=["validite", "dernier"])
        suivants = sorted(int(uid) for uid in courrier.uids(AND(uid=UidRange(str(boite.dernier + 1), "*"))))
        nouveaux = [uid for uid in suivants if uid > boite.dernier][:PAR_PASSAGE]
        for uid in nouveaux:
            _ecrire(courrier.client, uid)
            Boite.objects.filter(pk=boite.pk).update(dernier=uid)
            # Written: it may look read to who opens the mailbox.
            courrier.client.uid("STORE", str(uid), "+FLAGS", "(\\Seen)")
    return len(nouveaux)


def _ecrire(client: Any, uid: int) -> None:
    taille = _taille(client, uid)
    est_lourd = taille > TAILLE_MAX
    octets = _chercher(client, uid, "BODY.PEEK[HEADER]" if est_lourd else "BODY.PEEK[]")
    if octets is None:
        return  # somebody deleted it meanwhile
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
    """The bytes as they are: a library that writes the message again would lose what it does not understand."""
    etat, reponse = client.uid("FETCH", str(uid), f"({quoi})")
    if etat != "OK":
        raise imaplib.IMAP4.error(f"FETCH {uid} : {etat}")
    return next((bytes(partie[1]) for partie in reponse if isinstance(partie, tuple)), None)
