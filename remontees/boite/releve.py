"""The mailbox is read by IMAP: each mail is saved before it is marked as read."""

import imaplib
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db import DatabaseError, InterfaceError, transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone

from participation.socle.bd.verrous import verrou_de_session
from participation.socle.erreurs import ErreurMetier
from participation.socle.regles.courriel_brut import paroles_du_serveur
from participation.socle.travaux import differes as taches_differees
from remontees.boite.actes import TACHE, S
from remontees.boite.regles import cle_de, cle_par_numero, dire_de_qui
from remontees.models import Boite, CourrielRecu

TAILLE_MAX = 25 * 1024 * 1024  # bytes; a heavier mail stays in the mailbox and is listed as such


NON_REGLEE = (
    "Aucune boîte n’est relevée. Pour qu’une boîte le soit : BOITE_URL=imaps://nom:mot-de-passe@serveur/INBOX "
    "(voir docs/exploitation.md)."
)


LOURD = "Ce courriel dépasse la taille acceptée : il est resté dans la boîte, ouvrez-le là."


ECHECS_MAX = 5  # passes that fail on one mail, before it is left in the mailbox and said


NON_RENDU = "Le serveur de la boîte ne rend pas ce courriel : il est resté dans la boîte, ouvrez-le là."


ESPACE_DES_NON_RENDUS = uuid.UUID("0d2a8c5e-7a55-5d0e-8f0b-9a4f1f3f6f02")


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

    Raises ErreurMetier when the server fails; the reason stays on the row, for agents.
    """
    adresse = Adresse.de(settings.BOITE_URL)
    with verrou_de_session("remontees.boite") as pris:
        if not pris:
            return 0
        boite, _ = Boite.objects.get_or_create(nom=adresse.en_clair)
        # A mailbox that is not read any more is not out of order.
        Boite.objects.exclude(pk=boite.pk).exclude(erreur="").update(erreur="", en_panne_depuis=None)
        try:
            combien = _lire(adresse, boite)
        except (DatabaseError, InterfaceError):
            raise  # ours, not the mailbox's
        except Exception as erreur:  # the server may answer anything, and each library has its own exceptions
            dit = paroles_du_serveur(str(erreur)) or type(erreur).__name__
            _noter_la_panne(boite, f"La boîte ne répond pas : {dit}")
            raise ErreurMetier(f"La boîte {boite} ne répond pas : {dit}") from erreur
        Boite.objects.filter(pk=boite.pk).update(erreur="", en_panne_depuis=None, relevee_le=timezone.now())
        return combien


def _noter_la_panne(boite: Boite, dit: str) -> None:
    Boite.objects.filter(pk=boite.pk).update(
        erreur=dit[:300], en_panne_depuis=Coalesce("en_panne_depuis", timezone.now())
    )


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
            boite.validite, boite.dernier, boite.echecs = validite, 0, 0
            boite.save(update_fields=["validite", "dernier", "echecs"])
        suivants = sorted(int(uid) for uid in courrier.uids(AND(uid=UidRange(str(boite.dernier + 1), "*"))))
        nouveaux = [uid for uid in suivants if uid > boite.dernier][:PAR_PASSAGE]
        for uid in nouveaux:
            _garder(courrier.client, boite, uid)
            boite.dernier, boite.echecs = uid, 0
            Boite.objects.filter(pk=boite.pk).update(dernier=uid, echecs=0)
            # Saved here: it may be shown as read there.
            courrier.client.uid("STORE", str(uid), "+FLAGS", "(\\Seen)")
    return len(nouveaux)


def _garder(client: Any, boite: Boite, uid: int) -> None:
    """Write the row of a mail. Raises while the server fails on it; after ECHECS_MAX passes, the row says so."""
    if boite.echecs >= ECHECS_MAX:
        cle = uuid.uuid5(ESPACE_DES_NON_RENDUS, f"{boite.pk}:{boite.validite}:{uid}")
        _inserer(CourrielRecu(cle=cle, sort=S.ILLISIBLE, erreur=NON_RENDU, traite_le=timezone.now()))
        return
    try:
        _ecrire(client, uid)
    except Exception:
        Boite.objects.filter(pk=boite.pk).update(echecs=F("echecs") + 1)
        raise


def _ecrire(client: Any, uid: int) -> None:
    taille = _taille(client, uid)
    est_lourd = taille > TAILLE_MAX
    octets = _chercher(client, uid, "BODY.PEEK[HEADER]" if est_lourd else "BODY.PEEK[]")
    if octets is None:
        return  # deleted meanwhile
    recu = CourrielRecu(
        cle=cle_de(octets, taille if est_lourd else 0),
        octets=octets,
        taille=taille,
        sort=S.LOURD if est_lourd else S.A_TRAITER,
        erreur=LOURD if est_lourd else "",
    )
    if est_lourd:
        recu.expediteur, recu.objet = dire_de_qui(octets)
        recu.traite_le = timezone.now()
    if _est_connu_par_son_numero(octets, taille):
        return
    if _inserer(recu) and not est_lourd:
        taches_differees.confier(TACHE, str(recu.cle))


def _inserer(recu: CourrielRecu) -> bool:
    """Insert the row; False when this very mail has one."""
    with transaction.atomic():
        if CourrielRecu.objects.filter(pk=recu.pk).exists():
            return False
        CourrielRecu.objects.bulk_create([recu], ignore_conflicts=True)
    return True


def _est_connu_par_son_numero(octets: bytes, taille: int) -> bool:
    """Whether the mail was received before rows had a fingerprint: same Message-ID, same size."""
    cle = cle_par_numero(octets)
    return cle is not None and CourrielRecu.objects.filter(pk=cle, taille=taille).exists()


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


PAR_PASSAGE = 200


ATTENTE = 20  # seconds, for each answer of the IMAP server
