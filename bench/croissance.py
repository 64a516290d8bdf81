"""Every page of the walk on the demonstration, then on the same with years of rows: CPU time, size and queries."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from statistics import median
from typing import Any

import psycopg2

from bench.serveurs import RACINE, Banc, banc, charge_machine
from bench.tableaux import tableau, virgule

TOURS = 3
BUT_MS, BUT_KIO = 150, 300
LECTEURS = ("", "petitionnaire", "porteuse", "membre", "accueil", "commune", "direction", "elue", "agent")
# Not reached by a link: searches of a word found in a quarter of the texts, of a rare one, of none, of one whose letters
# are in every title, and of two that many titles resemble; an address; filters and sorts of more than a list counts.
MOTS = ("banc", "nom1234", "zzzzz", "voirie", "eclairage+cassee")
CHERCHEES = (
    *((f"{page}?q={mot}", "agent") for page in ("/recherche/", "/chercher/") for mot in MOTS),
    *(
        (f"{page}?q={mot}", qui)
        for page in ("/dossiers/", "/remontees/dossiers/", "/remontees/sujets/")
        for mot in MOTS
        for qui in ("agent", "direction")
    ),
    ("/recherche/?q=essai1234@example.org", "agent"),
    ("/courriels/?q=essai1234@example.org", "agent"),
    ("/rendu-compte/chiffres/?origine=promise&q=banc", ""),
    ("/remontees/dossiers/?etat=groupee", "agent"),
    ("/remontees/dossiers/?ouverts=oui&tri=etat", "agent"),
    ("/remontees/dossiers/?ouverts=non&tri=-etat", "agent"),
    ("/remontees/dossiers/?echeance=retard&tri=-echeance", "agent"),
    ("/dossiers/?echeance=retard&tri=-echeance", "agent"),
)
TENIR = "from participation.socle.actions import chiffres; chiffres.tenir_les_chiffres()"
PETITE, GRANDE = "petite", "participation"


@dataclass(frozen=True, slots=True)
class Volumes:
    """How many rows of each kind are added."""

    signatures: int = 2_000_000
    lettres: int = 1_000_000
    remontees: int = 500_000
    sujets: int = 20_000
    projets: int = 1_000
    avis: int = 3_000
    suites: int = 20_000
    seances: int = 200
    petitions: int = 400
    propositions: int = 5_000
    deliberations: int = 10_000
    rencontres: int = 100
    inscriptions: int = 50_000
    profils: int = 50_000
    contacts: int = 50_000
    demandes: int = 10_000
    bordereaux: int = 1_000
    moderations: int = 10_000
    abonnements: int = 10_000
    commandes: int = 10_000

    @classmethod
    def lire(cls, choix: list[str]) -> "Volumes":
        """Read « name=number » pairs. Raises ValueError."""
        connus = {champ.name for champ in fields(cls)}
        voulus = dict(un.split("=", 1) for un in choix)
        if inconnus := set(voulus) - connus:
            raise ValueError(f"volume inconnu : {', '.join(sorted(inconnus))} ({', '.join(sorted(connus))})")
        return cls(**{nom: int(valeur) for nom, valeur in voulus.items()})


@dataclass(frozen=True, slots=True)
class Page:
    """What a page costs: milliseconds of CPU of Python and of the database, queries, and its weight."""

    url: str
    qui: str
    route: str
    statut: int
    python: float
    base: float
    requetes: int
    kio: float
    est_page: bool  # not a file

    @property
    def processeur(self) -> float:
        return self.python + self.base

    @property
    def tient(self) -> bool:
        return not self.est_page or (self.processeur <= BUT_MS and self.kio <= BUT_KIO)


def mesurer(volumes: list[str], dossier: Path | None, pages: str = "") -> bool:
    """Fill a database, measure both, and print the table. Returns whether every page holds.

    `dossier`: kept with its database, which is filled the first time only. `pages`: words separated by commas;
    only the pages whose URL has one of them are measured.
    """
    Volumes.lire(volumes)
    with banc(dossier) as lance:
        _preparer(lance, volumes)
        mesures = [_lire(lance, base, pages) for base in (PETITE, GRANDE)]
    avant = {(page.url, page.qui): page for page in mesures[0]}
    longues = sorted(mesures[1], key=lambda page: -max(page.processeur / BUT_MS, page.kio / BUT_KIO))
    fautives = [page for page in longues if not page.tient]
    tableau(
        f"Croissance : {len(longues)} pages, {len(fautives)} au-delà de {BUT_MS} ms de processeur ou de {BUT_KIO} Kio "
        f"(médiane de {TOURS} pour celles proches du but, une mesure pour les autres ; sans cache, {charge_machine()} ; entre parenthèses : la démonstration seule)",
        ("", "qui", "ms", "dont base", "requêtes", "Kio", "but"),
        [_ligne(page, avant.get((page.url, page.qui))) for page in (fautives or longues)[:80]],
    )
    return not fautives


def _ligne(page: Page, avant: Page | None) -> list[str]:
    def dire(valeur: float, ancienne: float | None) -> str:
        return f"{virgule(valeur)} ({virgule(ancienne) if ancienne is not None else '–'})"

    return [
        page.url[:70],
        page.qui or "visiteur",
        dire(page.processeur, avant.processeur if avant else None),
        virgule(page.base),
        dire(page.requetes, avant.requetes if avant else None),
        dire(page.kio, avant.kio if avant else None),
        "" if not page.est_page else "tenu" if page.tient else "non",
    ]


def _preparer(lance: Banc, volumes: list[str]) -> None:
    marque = lance.dossier / "remplie"
    if marque.exists():
        return
    debut = time.perf_counter()
    _executer(lance, GRANDE, "manage.py", "demo", "-v0")
    racine = lance.url.rsplit("/", 1)[0]
    with closing(psycopg2.connect(f"{racine}/postgres")) as connexion:
        connexion.autocommit = True
        with connexion.cursor() as curseur:
            curseur.execute(f"DROP DATABASE IF EXISTS {PETITE}")
            curseur.execute(f"CREATE DATABASE {PETITE} TEMPLATE {GRANDE}")
    _executer(lance, GRANDE, "-m", "bench", "_remplir", *volumes)
    marque.touch()
    print(f"… remplie en {time.perf_counter() - debut:.0f} s", flush=True)


def _lire(lance: Banc, base: str, pages: str) -> list[Page]:
    """Measure a database in a process of its own. The small one chooses the pages."""
    _executer(lance, base, "manage.py", "migrate", "-v0")
    sortie = lance.dossier / f"{base}.json"
    choix = lance.dossier / f"{PETITE}.json"
    # What the worker does every five minutes.
    _executer(lance, base, "manage.py", "shell", "-v0", "-c", TENIR)
    lues = [str(choix)] if base == GRANDE else []
    _executer(lance, base, "-m", "bench", "_pages", str(sortie), pages, *lues)
    return [Page(**une) for une in json.loads(sortie.read_text())]


def _executer(lance: Banc, base: str, *commande: str) -> None:
    env = {**lance.env, "DATABASE_URL": f"{lance.url.rsplit('/', 1)[0]}/{base}"}
    subprocess.run([sys.executable, *commande], env=env, cwd=RACINE, check=True)


# In the process that measures ----------------------------------------------------------------------------------------


def mesurer_les_pages(sortie: Path, mots: str = "", choix: Path | None = None) -> None:
    lues = [(une["url"], une["qui"]) for une in json.loads(choix.read_text())] if choix else None
    voulues = [une for une in lues or _promenade() if _est_voulue(une[0], mots)]
    pages = [asdict(page) for page in _mesurees(voulues)]
    sortie.write_text(json.dumps(pages))


def _est_voulue(url: str, mots: str) -> bool:
    return any(mot in url for mot in mots.split(","))  # no word: « » is in all


def _promenade() -> Iterator[tuple[str, str]]:
    """Yield (URL, who reads it): one URL of each route and set of parameters."""
    from participation.socle.management.commands.liens import Promenade

    visiteur = None
    for qui in LECTEURS:
        promenade = Promenade(_compte(qui), 1, visiteur)
        for _ in promenade.refus():
            pass
        visiteur = visiteur or promenade
        yield from ((url, qui) for url in sorted(promenade.lues))
    yield from CHERCHEES


def _compte(qui: str) -> Any:
    from participation.socle.management.scene import DOMAINE
    from participation.socle.models import Compte

    return Compte.objects.get(courriel=f"{qui}@{DOMAINE}") if qui else None


def _mesurees(lues: list[tuple[str, str]]) -> Iterator[Page]:
    from django.conf import settings
    from django.db import connection
    from django.test import Client

    clients: dict[str, Client] = {}
    with connection.cursor() as curseur:
        # A single PostgreSQL process, so that all its CPU time is counted.
        curseur.execute("SET max_parallel_workers_per_gather = 0")
        curseur.execute("SET statement_timeout = '30s'")
    for url, qui in lues:
        if qui not in clients:
            clients[qui] = Client(
                raise_request_exception=False, SERVER_NAME=settings.ALLOWED_HOSTS[0].lstrip(".")
            )
            if qui:
                clients[qui].force_login(_compte(qui), settings.AUTHENTICATION_BACKENDS[0])
        yield _mesurer(clients[qui], url, qui)


def _mesurer(client: Any, url: str, qui: str) -> Page:
    from django.core.cache import caches
    from django.db import connection

    python, base = [], []
    poids = combien = 0
    for tour in range(TOURS + 1):
        for cache in ("pages", "default", "processus"):
            caches[cache].clear()
        faites: list[str] = []
        with connection.execute_wrapper(_noter(faites)):
            avant = time.process_time(), _processeur_de_la_base()
            reponse = client.get(url, secure=True)
            poids = sum(map(len, reponse)) if reponse.streaming else len(reponse.content)
            apres = time.process_time(), _processeur_de_la_base()
        for fermer in reponse._resource_closers:  # close() would close the connection that is measured
            fermer()
        combien = len(faites)
        if tour:  # the first round compiles templates
            python.append(1000 * (apres[0] - avant[0]))
            base.append(1000 * (apres[1] - avant[1]))
            if not BUT_MS / 2 < python[-1] + base[-1] < 10 * BUT_MS:
                break  # no doubt
    trouvee = reponse.wsgi_request.resolver_match
    return Page(
        url,
        qui,
        trouvee.view_name if trouvee else "",
        reponse.status_code,
        median(python),
        median(base),
        combien,
        poids / 1024,
        # A redirection is drawn nowhere: a long table asked of the worker.
        "html" in reponse.get("Content-Type", "") and not 300 <= reponse.status_code < 400,
    )


def _noter(faites: list[str]) -> Callable[..., Any]:
    def noter(executer: Callable[..., Any], sql: Any, *suite: Any) -> Any:
        faites.append(str(sql))
        return executer(sql, *suite)

    return noter


def _processeur_de_la_base() -> float:
    """CPU seconds of the PostgreSQL process of this connection."""
    from django.db import connection

    connection.ensure_connection()
    pris = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat").read_text().split()[0]
    return int(pris) / 1e9
