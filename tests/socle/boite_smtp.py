"""SMTP server for tests: keeps what it accepts, and refuses the addresses that it is told to."""

import asyncio
import email
from collections import Counter
from contextlib import contextmanager
from threading import Event

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from ops import services


class Boite:
    def __init__(self):
        self.recus = []
        self.reponse_rcpt = {}  # address → answer of the server
        self.reponse_data = ""
        self.connexions = 0
        self.arrivee = Event()
        self.combien_avant_arrivee = 1
        self.retient = False  # the letters that come after those wait as long as it is true

    async def handle_EHLO(self, server, session, envelope, hostname, responses):  # noqa: N802 (aiosmtpd)
        self.connexions += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):  # noqa: N802 (aiosmtpd)
        if refus := self.reponse_rcpt.get(address):
            return refus
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 (aiosmtpd)
        while self.retient and len(self.recus) >= self.combien_avant_arrivee:
            self.arrivee.set()
            await asyncio.sleep(0.01)
        if self.reponse_data:
            return self.reponse_data
        self.recus.append((email.message_from_bytes(envelope.content), list(envelope.rcpt_tos)))
        if not self.retient and len(self.recus) >= self.combien_avant_arrivee:
            self.arrivee.set()
        return "250 OK"

    def fois(self):
        """Return how many letters each address received."""
        return Counter(adresse for _, adresses in self.recus for adresse in adresses)

    def messages(self):
        return [message for message, _ in self.recus]


class Serveur(Controller):
    def factory(self):
        return SMTP(self.handler, hostname="localhost", enable_SMTPUTF8=True)


@contextmanager
def serveur_smtp(boite):
    port = services.port_libre()
    serveur = Serveur(boite, hostname="127.0.0.1", port=port)
    serveur.start()
    try:
        yield port
    finally:
        serveur.stop()
