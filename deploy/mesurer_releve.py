"""Shows what visitors feel while a new version takes over.

    python3 deploy/mesurer_releve.py http://127.0.0.1:8001/ --hote participation.example.org -- systemctl reload participation-web

Sixteen clients ask for the page four times a second, half of them on a connection that they keep, as nginx does; the command is run
in the middle. Each answer that is not 200 is counted as failed. Exit code 1 if one failed or if the 99th percentile is over a second.
"""

import argparse
import http.client
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

PAUSE = 0.25  # seconds between an answer and the next request


@dataclass
class Visite:
    debut: float
    duree: float
    statut: str


class Client(threading.Thread):
    def __init__(self, url: str, hote: str, *, garde: bool, fini: threading.Event) -> None:
        super().__init__(daemon=True)
        self.url, self.hote, self.garde, self.fini = urlsplit(url), hote, garde, fini
        self.visites: list[Visite] = []
        self.connexion: http.client.HTTPConnection | None = None

    def run(self) -> None:
        while not self.fini.is_set():
            debut = time.monotonic()
            try:
                statut = str(self.demander())
            except (OSError, http.client.HTTPException) as erreur:
                statut = type(erreur).__name__
                self.connexion = None
            self.visites.append(Visite(debut, time.monotonic() - debut, statut))
            self.fini.wait(PAUSE)

    def demander(self) -> int:
        neuve = self.connexion is None
        if self.connexion is None:
            self.connexion = http.client.HTTPConnection(self.url.hostname or "", self.url.port, timeout=60)
        try:
            self.connexion.request("GET", self.url.path or "/", headers=self.entetes)
            reponse = self.connexion.getresponse()
        except (http.client.RemoteDisconnected, ConnectionError):
            self.connexion.close()
            self.connexion = None
            if neuve:
                raise
            return (
                self.demander()
            )  # a kept connection may be closed between two requests: every client, nginx first, asks again
        reponse.read()
        if not self.garde or reponse.will_close:
            self.connexion.close()
            self.connexion = None
        return reponse.status

    @property
    def entetes(self) -> dict[str, str]:
        return {"Host": self.hote, "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"}


def centile(durees: list[float], part: float) -> float:
    rangees = sorted(durees)
    return rangees[min(len(rangees) - 1, int(len(rangees) * part))] if rangees else 0.0


def ligne(nom: str, visites: list[Visite]) -> str:
    durees = [v.duree for v in visites]
    echecs = sum(1 for v in visites if v.statut != "200")
    chiffres = (centile(durees, 0.5), centile(durees, 0.99), max(durees, default=0.0))
    return f"{nom:<28} {len(visites):>9} {echecs:>7} " + " ".join(f"{1000 * c:>8.0f}" for c in chiffres)


def attendre(client: Client, secondes: float = 120) -> None:
    """A site that has just been started answers once."""
    fin = time.monotonic() + secondes
    while time.monotonic() < fin:
        try:
            if client.demander() == 200:
                return
        except (OSError, http.client.HTTPException):
            client.connexion = None
        time.sleep(0.2)


def mesurer(
    url: str,
    hote: str,
    commande: list[str],
    *,
    clients: int,
    avant: float,
    apres: float,
    est_faite: Callable[[], bool] = lambda: True,
) -> bool:
    """Print the table; whether nobody was refused and 99 of 100 waited less than a second.

    `apres` seconds are measured once `est_faite` says that the new version has taken over.
    """
    fini = threading.Event()
    tous = [Client(url, hote, garde=n % 2 == 0, fini=fini) for n in range(clients)]
    attendre(tous[0])
    for client in tous:
        client.start()
    time.sleep(avant)
    releve = time.monotonic()
    subprocess.run(commande, check=True)
    while not est_faite() and time.monotonic() < releve + 180:
        time.sleep(0.5)
    duree = time.monotonic() - releve
    time.sleep(apres)
    fini.set()
    for client in tous:
        client.join(60)
    visites = [v for client in tous for v in client.visites]
    pendant = [v for v in visites if v.debut >= releve]
    print(f"{clients} clients sur {url}, « {' '.join(commande)} » après {avant:.0f} s\n")
    print(f"{'':<28} {'requêtes':>9} {'échecs':>7} {'p50 ms':>8} {'p99 ms':>8} {'max ms':>8}")
    print(ligne("avant", [v for v in visites if v.debut < releve]))
    print(ligne(f"relève ({duree:.0f} s) et {apres:.0f} s", pendant))
    autres = Counter(v.statut for v in visites if v.statut != "200")
    if autres:
        print("échecs :", ", ".join(f"{statut} × {nombre}" for statut, nombre in autres.items()))
    return not autres and centile([v.duree for v in pendant], 0.99) < 1


def main() -> int:
    lecteur = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    lecteur.add_argument("url")
    lecteur.add_argument("commande", nargs="+", help="après « -- »")
    lecteur.add_argument("--hote", default="127.0.0.1", help="nom du site, tel que ALLOWED_HOSTS le connaît")
    lecteur.add_argument("--clients", type=int, default=16)
    lecteur.add_argument("--avant", type=float, default=10, help="secondes avant la commande")
    lecteur.add_argument("--apres", type=float, default=60, help="secondes après elle")
    lu = lecteur.parse_args()
    tenu = mesurer(lu.url, lu.hote, lu.commande, clients=lu.clients, avant=lu.avant, apres=lu.apres)
    return 0 if tenu else 1


if __name__ == "__main__":
    sys.exit(main())
