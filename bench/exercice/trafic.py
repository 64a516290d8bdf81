"""What people do while the machine still stands. Each act that the site answered is noted, with its instant."""

import io
import logging
import random
import re
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from email import message_from_bytes, policy
from typing import Any

from aiosmtpd.controller import Controller

from bench.exercice.comparaison import Acte
from ops import services

LIEN = re.compile(r"http://127\.0\.0\.1:\d+(/petitions/signature/\S+/confirmer/)")
PAUSE = 0.2  # seconds between two acts of one person: the copies are measured, not the speed
Lettre = tuple[str, str]  # address, subject


@dataclass
class Relais:
    """A mail server that keeps what it receives: who was written to, about what, when."""

    recues: list[tuple[Lettre, datetime]] = field(default_factory=list)
    liens: list[tuple[str, str]] = field(default_factory=list)  # address, link to confirm

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 (aiosmtpd)
        lettre = message_from_bytes(envelope.content, policy=policy.default)
        corps = lettre.get_body(("plain",))
        texte = corps.get_content() if corps else ""
        for adresse in envelope.rcpt_tos:
            self.recues.append(((adresse, str(lettre["Subject"])), datetime.now().astimezone()))
            self.liens += [(adresse, chemin) for chemin in LIEN.findall(texte)]
        return "250 OK"

    @contextmanager
    def ouvert(self) -> Iterator[int]:
        logging.getLogger("mail.log").setLevel(logging.WARNING)
        port = services.port_libre()
        serveur = Controller(self, hostname="127.0.0.1", port=port)
        serveur.start()
        try:
            yield port
        finally:
            serveur.stop()


@dataclass
class Trafic:
    """People who act on the site at `port`, each in a thread, until `fini`."""

    port: int
    relais: Relais
    petition: int
    commune: str
    scrutin: int
    codes: list[str]
    empreinte: Callable[[str], str]
    demander_pdf: Callable[[], str]
    pdf_est_pret: Callable[[str], bool]
    actes: list[Acte] = field(default_factory=list)
    fini: threading.Event = field(default_factory=threading.Event)

    def lancer(self) -> None:
        for fait in (self.signer, self.signer, self.confirmer, self.voter, self.dire, self.fabriquer):
            threading.Thread(target=self._repeter, args=(fait,), daemon=True).start()

    def sur(self, port: int) -> "Trafic":
        """The same people, on another site."""
        return replace(self, port=port, actes=[], fini=threading.Event())

    def _repeter(self, fait: Callable[[], Acte | None]) -> None:
        while not self.fini.wait(PAUSE):
            try:
                acte = fait()
            except Exception:  # a request of a machine that burns may fail in any way: nothing was answered
                continue
            if acte:
                self.actes.append(acte)

    def _poster(self, chemin: str, champs: dict[str, str], photo: bytes | None = None) -> bool:
        from bench.attaques.remontees import demander

        adresse = ".".join(["10", *(str(random.randrange(1, 255)) for _ in range(3))])
        return demander(self.port, chemin, champs, de=adresse, photo=photo)[0] == 303

    def signer(self) -> Acte | None:
        courriel = f"{uuid.uuid4().hex[:16]}@exercice{random.randrange(500)}.example"
        champs = {
            "prenom": "Léa",
            "nom": "Marchetti",
            "courriel": courriel,
            "commune": self.commune,
            "qualite": "resident",
            "age": "on",
        }
        return noter("signature", courriel, self._poster(f"/petitions/{self.petition}/signer/", champs))

    def confirmer(self) -> Acte | None:
        if not self.relais.liens:
            return None
        adresse, chemin = self.relais.liens.pop(0)
        return noter("confirmation", adresse, self._poster(chemin, {}))

    def voter(self) -> Acte | None:
        code = self.codes.pop()
        champs = {"etape": "voter", "code": code, "projet_3": "1", "projet_7": "1"}
        chemin = f"/contrat-de-ville/vote/{self.scrutin}/voter/"
        return noter("bulletin", self.empreinte(code), self._poster(chemin, champs))

    def dire(self) -> Acte | None:
        dit = f"Le lampadaire du {uuid.uuid4().hex} est éteint."
        champs = {"verbatim": dit, "lieu": "rue des Alpes", "sujet": "aucun"}
        champs |= {"envoyer": "oui", "cle": str(uuid.uuid4())}
        return noter(
            "remontée avec photo", dit, self._poster("/remontees/dire/autre-chose/", champs, photo())
        )

    def fabriquer(self) -> Acte | None:
        """A PDF is asked for, and the worker makes it: it counts once it is ready."""
        cle, fin = self.demander_pdf(), time.monotonic() + 60
        while not (pret := self.pdf_est_pret(cle)) and time.monotonic() < fin:
            time.sleep(0.2)
        return noter("PDF", cle, pret)


def noter(genre: str, cle: str, est_fait: bool) -> Acte | None:
    return Acte(genre, cle, datetime.now().astimezone()) if est_fait else None


def photo() -> bytes:
    """A picture of some 100 KB, unlike any other."""
    from PIL import Image

    sortie = io.BytesIO()
    grain = Image.frombytes("RGB", (160, 120), random.randbytes(160 * 120 * 3))
    grain.resize((1280, 960)).save(sortie, "JPEG", quality=80)
    return sortie.getvalue()
