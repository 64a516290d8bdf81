"""HTTP gateway of SMS for tests: keeps what it accepts, and refuses the numbers that it is told to."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any


class PasserelleDEssai:
    def __init__(self) -> None:
        self.demandes: list[dict[str, Any]] = []  # every call, accepted or not
        self.envoyes: dict[str, dict[str, Any]] = {}  # Idempotency-Key → message sent
        self.reponses: dict[str, tuple[int, str]] = {}  # number → status and body
        self.statut, self.corps = 202, '{"id": "1"}'
        self.arrivee = Event()
        self.combien_avant_arrivee = 1
        self.retient = False  # from then on no answer, as long as it is true: the message has left
        self.url = ""

    def recevoir(self, demande: dict[str, Any]) -> tuple[int, str]:
        self.demandes.append(demande)
        statut, corps = self.reponses.get(demande["to"], (self.statut, self.corps))
        if statut < 300:
            self.envoyes.setdefault(demande["cle"], demande)
        if len(self.demandes) >= self.combien_avant_arrivee:
            self.arrivee.set()
            while self.retient:
                time.sleep(0.01)
        return statut, corps


@contextmanager
def passerelle_sms() -> Iterator[PasserelleDEssai]:
    passerelle = PasserelleDEssai()

    class Guichet(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            lu = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            statut, corps = passerelle.recevoir(
                {**lu, "cle": self.headers["Idempotency-Key"], "jeton": self.headers["Authorization"]}
            )
            try:
                self.send_response(statut)
                if 300 <= statut < 400:
                    self.send_header("Location", "/ailleurs")
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(corps.encode())))
                self.end_headers()
                self.wfile.write(corps.encode())
            except OSError:
                pass  # the client has closed the connection, as some tests want

        def log_message(self, *mots: Any) -> None:
            pass

    serveur = ThreadingHTTPServer(("127.0.0.1", 0), Guichet)
    serveur.daemon_threads = True
    fil = Thread(target=serveur.serve_forever, daemon=True)
    fil.start()
    passerelle.url = f"http://127.0.0.1:{serveur.server_address[1]}/messages"
    try:
        yield passerelle
    finally:
        serveur.shutdown()
        serveur.server_close()
        fil.join()
