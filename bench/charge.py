"""Sixteen clients in a closed loop, for a bounded time, on the loopback alone."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

CLIENTS = 16


@dataclass(frozen=True, slots=True)
class Mesure:
    debit: float  # requests a second
    p50: float  # milliseconds
    p95: float
    p99: float
    reponses: int
    statuts: dict[int, int]


def charger(port: int, requete: Callable[[int], bytes], duree: float, *, clients: int = CLIENTS) -> Mesure:
    """`requete(n)` gives the raw bytes of the n-th request."""
    return asyncio.run(_charger(port, requete, duree, clients))


async def _charger(port: int, requete: Callable[[int], bytes], duree: float, clients: int) -> Mesure:
    durees: list[float] = []
    statuts: dict[int, int] = {}
    numero = 0
    fin = time.perf_counter() + duree

    async def client() -> None:
        nonlocal numero
        while time.perf_counter() < fin:
            numero += 1
            octets = requete(numero)
            debut = time.perf_counter()
            lecteur, ecrivain = await asyncio.open_connection("127.0.0.1", port)
            ecrivain.write(octets)
            reponse = await lecteur.read(-1)
            durees.append(time.perf_counter() - debut)
            ecrivain.close()
            statut = int(reponse[9:12] or 0)
            statuts[statut] = statuts.get(statut, 0) + 1

    depart = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(clients)))
    ecoule = time.perf_counter() - depart
    durees.sort()

    def rang(part: float) -> float:
        return 1000 * durees[min(len(durees) - 1, int(part * len(durees)))]

    return Mesure(len(durees) / ecoule, rang(0.5), rang(0.95), rang(0.99), len(durees), statuts)


def get(chemin: str) -> bytes:
    return f"GET {chemin} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode()


def post(chemin: str, corps: str, *, cookie: str = "") -> bytes:
    entete = f"Cookie: {cookie}\r\n" if cookie else ""
    return (
        f"POST {chemin} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n{entete}"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(corps)}\r\n\r\n{corps}"
    ).encode()
