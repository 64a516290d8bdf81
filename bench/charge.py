"""Load generator: clients in a closed loop on the loopback, each with a kept connection."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

CLIENTS = 16

Requete = Callable[[int], bytes]


@dataclass(slots=True)
class Mesure:
    """Result of a load of `duree` seconds. Durations are in milliseconds, sorted."""

    duree: float
    durees: list[float]
    statuts: Counter[int]
    inattendues: int = 0  # responses without the expected text, and cut connections

    @property
    def debit(self) -> float:
        """Requests per second."""
        return len(self.durees) / self.duree

    @property
    def reponses(self) -> int:
        return len(self.durees)

    def rang(self, part: float) -> float:
        """Quantile of the durations: rang(0.95) is longer than 95 % of them."""
        return self.durees[min(len(self.durees) - 1, int(part * len(self.durees)))]


def charger(
    port: int,
    requete: Requete,
    duree: float,
    *,
    clients: int = CLIENTS,
    attendu: bytes = b"",
    tant_que: Callable[[], bool] = lambda: True,
) -> Mesure:
    """Send requests for `duree` seconds, or until `tant_que` returns False.

    `requete(n)` gives the bytes of the n-th.
    """
    return asyncio.run(_charger(port, requete, duree, clients, attendu, tant_que))


async def _charger(
    port: int, requete: Requete, duree: float, clients: int, attendu: bytes, tant_que: Callable[[], bool]
) -> Mesure:
    boucle = asyncio.get_running_loop()
    course = _Course(requete, time.perf_counter() + duree, attendu, tant_que)
    debut = time.perf_counter()
    ouverts = [
        (await boucle.create_connection(lambda: _Client(course), "127.0.0.1", port))[1]
        for _ in range(clients)
    ]
    await asyncio.gather(*(client.fini for client in ouverts))
    ecoulee = time.perf_counter() - debut
    return Mesure(ecoulee, sorted(course.durees), course.statuts, course.inattendues)


@dataclass(slots=True)
class _Course:
    requete: Requete
    fin: float
    attendu: bytes
    tant_que: Callable[[], bool]
    numero: int = 0
    durees: list[float] = field(default_factory=list)
    statuts: Counter[int] = field(default_factory=Counter)
    inattendues: int = 0

    def suivante(self) -> bytes | None:
        if time.perf_counter() > self.fin or not self.tant_que():
            return None
        self.numero += 1
        return self.requete(self.numero)


class _Client(asyncio.Protocol):
    """Minimal HTTP/1.1 client for the responses of gunicorn: Content-Length, or chunks."""

    def __init__(self, course: _Course) -> None:
        self.course = course
        self.fini: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self.transport = transport
        self._demander()

    def _demander(self) -> None:
        octets = self.course.suivante()
        if octets is None:
            self.transport.close()
            if not self.fini.done():
                self.fini.set_result(None)
            return
        self.recu = b""
        self.depart = time.perf_counter()
        self.transport.write(octets)

    def data_received(self, data: bytes) -> None:
        self.recu += data
        tete, separe, corps = self.recu.partition(b"\r\n\r\n")
        if not separe or not _entier(tete.lower(), corps):
            return
        self.course.durees.append(1000 * (time.perf_counter() - self.depart))
        self.course.statuts[int(tete[9:12])] += 1
        if self.course.attendu not in self.recu:
            self.course.inattendues += 1
        self._demander()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.fini.done():
            self.course.inattendues += 1
            self.fini.set_result(None)


def _entier(tete: bytes, corps: bytes) -> bool:
    _, dit, reste = tete.partition(b"content-length:")
    if dit:
        return len(corps) >= int(reste.partition(b"\r\n")[0])
    return corps.endswith(b"0\r\n\r\n")


def get(chemin: str) -> bytes:
    return f"GET {chemin} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()


def post(chemin: str, corps: str, *, entetes: str = "") -> bytes:
    return (
        f"POST {chemin} HTTP/1.1\r\nHost: 127.0.0.1\r\n{entetes}"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(corps)}\r\n\r\n{corps}"
    ).encode()
