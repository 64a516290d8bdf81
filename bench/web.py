"""Load on the signature form and the public page, compared with bare Django views."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from statistics import median
from urllib.parse import urlencode

from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench.charge import Mesure, Requete, charger, get, post
from bench.donnees.signatures import completer, petition_ouverte
from bench.serveurs import Banc, charge_machine, gunicorn, temps_processeur
from bench.tableaux import milliers, tableau, virgule
from participation.socle.models import Commune
from petitions.models import Petition, Signature

JETON = "b" * 32  # CSRF token: the same in the cookie and in the header
CHAUFFE = 1.5  # seconds
ENTETES = ("", "requêtes/s", "du témoin", "p50 ms", "p95 ms", "p99 ms", "CPU ms appli", "CPU ms base", "SQL")


class Perte(Exception):
    """A response or the database is not as expected: the figures are not valid."""


@dataclass(frozen=True, slots=True)
class Passage:
    """One measure, with its cost per request: CPU (milliseconds) of gunicorn and of PostgreSQL, transactions."""

    mesure: Mesure
    application: float
    base: float
    transactions: float


@dataclass(frozen=True, slots=True)
class Cible:
    """What to request from which server. `attendu` is in every right response."""

    nom: str
    port: int
    pid: int
    requete: Requete
    attendu: bytes
    statut: int


def numeros() -> Iterator[int]:
    """A number for each load of the bench, so that no email address is used twice."""
    numero = 0
    while True:
        numero += 1
        yield numero


SERIES = numeros()


def signer(petition: int, commune: str) -> Requete:
    """The form as a browser sends it. Each request has its own email and IP address."""
    serie = next(SERIES)

    def requete(n: int) -> bytes:
        corps = {
            "prenom": "Léa",
            "nom": "Marchetti",
            "courriel": f"lea{serie}-{n}@example.org",
            "commune": commune,
            "qualite": "resident",
            "age": "on",
        }
        return post(
            f"/petitions/{petition}/signer/",
            urlencode(corps),
            entetes=f"Cookie: csrftoken={JETON}\r\nX-CSRFToken: {JETON}\r\n"
            f"X-Forwarded-For: 10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}\r\n",
        )

    return requete


def inserer() -> Requete:
    serie = next(SERIES)
    return lambda n: post(
        "/inserer", urlencode({"nom": "Léa Marchetti", "courriel": f"lea{serie}-{n}@example.org"})
    )


def _transactions() -> int:
    with connection.cursor() as curseur:
        curseur.execute("SELECT pg_stat_clear_snapshot()")
        curseur.execute(
            "SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()"
        )
        (nombre,) = curseur.fetchone()
    return int(nombre)


def _lignes(table: str) -> int:
    with connection.cursor() as curseur:
        curseur.execute(f"SELECT COALESCE(MAX(id), 0) FROM {table}")  # highest id: no scan of a million rows
        (nombre,) = curseur.fetchone()
    return int(nombre)


def passer(lance: Banc, cible: Cible, duree: float) -> Passage:
    """Run one measure. Raises Perte if a response is not the expected one."""
    avant = temps_processeur(cible.pid), temps_processeur(lance.postgres), _transactions()
    mesure = charger(cible.port, cible.requete, duree, attendu=cible.attendu)
    apres = temps_processeur(cible.pid), temps_processeur(lance.postgres)
    time.sleep(1.1)  # PostgreSQL publishes its statistics once a second
    transactions = _transactions() - avant[2]
    if mesure.inattendues or set(mesure.statuts) != {cible.statut}:
        raise Perte(f"{cible.nom} : {mesure.inattendues} réponses inattendues, {dict(mesure.statuts)}")
    application, base = (1000 * (b - a) / mesure.reponses for a, b in zip(avant, apres, strict=False))
    return Passage(mesure, application, base, transactions / mesure.reponses)


def _ligne(cible: Cible, passages: list[Passage], temoins: list[Passage] | None) -> list[str]:
    """Medians of the rounds. Each round is compared with the reference of the same round."""

    def milieu(valeurs: Iterator[float], chiffres: int = 0) -> str:
        return virgule(median(valeurs), chiffres)

    part = ""
    if temoins:
        parts = (p.mesure.debit / t.mesure.debit for p, t in zip(passages, temoins, strict=True))
        part = f"{100 * median(parts):.0f} %"
    return [
        cible.nom,
        milieu(p.mesure.debit for p in passages),
        part,
        *(milieu((p.mesure.rang(r) for p in passages), 1) for r in (0.5, 0.95, 0.99)),
        milieu((p.application for p in passages), 2),
        milieu((p.base for p in passages), 2),
        milieu((p.transactions for p in passages), 1),
    ]


def mesurer(lance: Banc, volumes: list[int], duree: float, tours: int, avec: set[str]) -> Petition:
    """Print the tables of `avec` ("signer", "page"). Returns the pétition, with the last volume of signatures."""
    petition = petition_ouverte()
    commune = Commune.objects.get(nom="Vizille").pk
    tables: dict[str, list[list[str]]] = {"signer": [], "page": []}
    for volume in volumes:
        completer(petition, volume)
        petition.refresh_from_db()
        nom = f"{milliers(volume)} signatures déjà là"
        titre = petition.titre.encode()
        with ExitStack() as pile:
            nu = pile.enter_context(gunicorn(lance, "bench.nu:application", "/page"))
            site = pile.enter_context(gunicorn(lance, "participation.wsgi:application", "/"))
            couples = {
                "signer": (
                    Cible("témoin : un INSERT", *nu, inserer(), b"/page", 303),
                    Cible(f"signer, {nom}", *site, signer(petition.pk, commune), b"/signer/merci/", 303),
                ),
                "page": (
                    Cible("témoin : un petit gabarit", *nu, lambda n: get("/page"), b"Nous demandons", 200),
                    Cible(
                        f"page publique, {nom}", *site, lambda n: get(petition.get_public_url()), titre, 200
                    ),
                ),
            }
            for mesure in ("signer", "page"):
                if mesure in avec:
                    tables[mesure] += _comparer(lance, mesure, couples[mesure], duree, tours)
    for mesure, titre_table in (
        ("signer", "Signer (POST)"),
        ("page", "Page publique (GET, sans If-None-Match)"),
    ):
        if mesure in avec:
            tableau(f"{titre_table} : 16 clients, 2 processus web de 4 fils", ENTETES, tables[mesure])
            print(f"\nConstance, dernier volume contre le premier : {_constance(tables[mesure])}")
    _instructions(petition, commune, avec)
    return petition


def _constance(lignes: list[list[str]]) -> str:
    """Change of the share of the reference from the first volume to the last: machine load cancels out."""
    parts = [float(ligne[2].removesuffix(" %")) for ligne in lignes if ligne[2]]
    return f"{100 * (parts[-1] / parts[0] - 1):+.0f} %"


def _comparer(
    lance: Banc, mesure: str, couple: tuple[Cible, Cible], duree: float, tours: int
) -> list[list[str]]:
    """Measure the reference and the site in turn, in the same conditions. Checks that every POST wrote a row."""
    tables = ("bench_temoin", Signature._meta.db_table)
    passages: tuple[list[Passage], list[Passage]] = ([], [])
    for cible in couple:
        charger(cible.port, _decaler(cible.requete, 5_000_000), CHAUFFE)
    for tour in range(tours):
        print(f"… {couple[1].nom}, tour {tour + 1} sur {tours} ({charge_machine()})", flush=True)
        for cible, table, faits in zip(couple, tables, passages, strict=True):
            avant = _lignes(table)
            decalee = Cible(
                cible.nom,
                cible.port,
                cible.pid,
                _decaler(cible.requete, tour * 1_000_000),
                cible.attendu,
                cible.statut,
            )
            passage = passer(lance, decalee, duree)
            faits.append(passage)
            ecrites = _lignes(table) - avant
            if mesure == "signer" and ecrites != passage.mesure.reponses:
                raise Perte(f"{cible.nom} : {passage.mesure.reponses} réponses, {ecrites} lignes")
    nus, siens = passages
    return [_ligne(couple[0], nus, None), _ligne(couple[1], siens, nus)]


def _decaler(requete: Requete, de: int) -> Requete:
    return lambda n: requete(n + de)


def _pages(petition: Petition) -> list[list[str]]:
    """Cost of the page for the readers of a version, and for the first reader of a new one."""
    client, url = Client(SERVER_NAME="127.0.0.1"), petition.get_public_url()
    client.get(url)
    return [
        _page("page publique, la version demandée à la base", client, url, lambda: None),
        _page("page publique, à refaire toute", client, url, caches["pages"].clear),
    ]


def _page(nom: str, client: Client, url: str, avant: Callable[[], None]) -> list[str]:
    fois, instructions = 30, set()
    debut = time.process_time()
    for _ in range(fois):
        avant()
        with CaptureQueriesContext(connection) as requetes:
            client.get(url)
        instructions.add(len(requetes))
    cpu = 1000 * (time.process_time() - debut) / fois
    return [nom, " ou ".join(str(n) for n in sorted(instructions)), "constant", virgule(cpu, 1)]


def _instructions(petition: Petition, commune: str, avec: set[str]) -> None:
    """Queries of one request, and cost of a page that is not cached, in this process without gunicorn."""
    client = Client(SERVER_NAME="127.0.0.1", enforce_csrf_checks=True, headers={"X-CSRFToken": JETON})
    client.cookies["csrftoken"] = JETON
    lignes = []
    if "signer" in avec:
        chemin = f"/petitions/{petition.pk}/signer/"
        corps = {"prenom": "Léa", "nom": "Roux", "commune": commune, "qualite": "resident", "age": "on"}
        client.post(chemin, {**corps, "courriel": "un@example.org"})
        with CaptureQueriesContext(connection) as requetes:
            client.post(chemin, {**corps, "courriel": "deux@example.org"})
        lignes.append(["signer", str(len(requetes)), "2 au plus", ""])
    if "page" in avec:
        lignes += _pages(petition)
    tableau("Instructions SQL d’une requête", ("", "instructions", "but", "CPU ms appli"), lignes)
    print(f"({timezone.localtime():%d/%m/%Y %H:%M}, {milliers(petition.signatures.count())} signatures)")
