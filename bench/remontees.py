"""Remontées over several years: pages compared with handwritten SQL, similar texts, imports, nightly tasks."""

import csv
import io
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from statistics import median
from threading import Event
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench import reference_remontees as reference
from bench.donnees.remontees import MOTS, remplir
from bench.reference_remontees import Instruction
from bench.serveurs import charge_machine
from bench.tableaux import milliers, tableau, virgule

TOURS = 9
REMONTEES, SUJETS, LIGNES = 500_000, 20_000, 10_000
# Queries on this table are replaced by handwritten SQL. Others, and the single query of the menu, are run
# unchanged.
TABLE, MENU = '"remontees_remontee"', "SELECT (SELECT COUNT"
# Prepared statements (`bd/preparees.py`) of the remontées, by the beginning of their names.
DES_REMONTEES = ("EXECUTE remontees", "EXECUTE questions")


def mesurer(*, rapide: bool) -> None:
    combien, sujets = (REMONTEES // 10, SUJETS // 10) if rapide else (REMONTEES, SUJETS)
    debut = time.perf_counter()
    modele, a_trier = remplir(combien, sujets)
    print(f"… remplie en {time.perf_counter() - debut:.0f} s ({charge_machine()})", flush=True)
    comptes: Any = import_module("tests.socle.factories")
    client = Client(SERVER_NAME="127.0.0.1")
    agent = comptes.CompteFactory(agent=True)
    client.force_login(agent)
    with connection.cursor() as curseur:
        # A single PostgreSQL process: the CPU time of parallel workers would not be counted.
        curseur.execute("SET max_parallel_workers_per_gather = 0")
    liste = "/remontees/dossiers/"
    pages: list[tuple[str, str, list[Instruction]]] = [
        ("file du tri", "/remontees/trier/", reference.file_du_tri(a_trier)),
        ("liste", liste, reference.liste()),
        ("liste, cherchée (un mot sur 4 000)", f"{liste}?q=nom1234", reference.cherchee("nom1234")),
        ("liste, par commune", f"{liste}?commune=38185", reference.liste("r.commune_id = '38185'")),
        (
            "liste, sans agent depuis 3 jours",
            f"{liste}?question=sans-agent",
            reference.liste(f"r.etat IN {reference.EN_COURS} AND {reference.AGENT_DEPUIS}"),
        ),
        ("une remontée et ses semblables", f"{liste}{modele}/", reference.une(modele)),
    ]
    tableau(
        f"Remontées : {milliers(combien)}, {milliers(sujets)} sujets (médiane de {TOURS} ; but : 1,5 fois le SQL seul)",
        ("", "attente ms", "page, ms de processeur", "SQL seul, idem", "rapport", "requêtes", "but"),
        [_page(client, *page) for page in pages],
    )
    tableau(
        "Tri et nuit",
        ("", "mesure", "but", ""),
        [_semblables(), _apprendre(), _signaux(), _noter(client, agent), _importer(agent), *_recevoir()],
    )


def processeur() -> float:
    """CPU milliseconds of this process and of its PostgreSQL backend, so that other programs are not counted."""
    pris = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat").read_text().split()[0]
    return 1000 * time.process_time() + int(pris) / 1e6


def _page(client: Client, nom: str, url: str, a_la_main: Sequence[Instruction]) -> list[str]:
    """Measure the page and its reference in turn, in the same conditions."""
    durees, seules, attendus = [], [], []
    combien = 0
    for tour in range(TOURS + 1):
        prises: list[Instruction] = []
        with connection.execute_wrapper(noter_les(prises)):
            horloge, debut = time.perf_counter(), processeur()
            reponse = client.get(url)
            page, attendu = processeur() - debut, 1000 * (time.perf_counter() - horloge)
        if reponse.status_code != 200:
            return [nom, f"({reponse.status_code})", "", "", "", "", ""]
        autres = [
            instruction
            for instruction in prises
            if not instruction[0].startswith(DES_REMONTEES)
            and (TABLE not in instruction[0] or instruction[0].startswith(MENU))
        ]
        debut = processeur()
        reference.executer([*autres, *a_la_main])
        seul = processeur() - debut
        if tour:  # the first round compiles templates and fills caches
            durees.append(page)
            seules.append(seul)
            attendus.append(attendu)
        combien = len(prises)
    rapport = median(durees) / median(seules)
    return [
        nom,
        virgule(median(attendus), 1),
        virgule(median(durees), 1),
        virgule(median(seules), 1),
        virgule(rapport, 2),
        str(combien),
        "tenu" if rapport <= 1.5 else "non",
    ]


def noter_les(prises: list[Instruction]) -> Callable[..., Any]:
    def noter(executer: Callable[..., Any], sql: str, valeurs: Any, plusieurs: bool, contexte: Any) -> Any:
        if sql.startswith(("SELECT", "(SELECT", "EXECUTE")):
            prises.append((sql, valeurs))
        elif sql.startswith(("PREPARE", "DEALLOCATE")):  # followed by EXECUTE in the same string
            prises.append((sql.rpartition("; ")[2], valeurs[-1:]))
        return executer(sql, valeurs, plusieurs, contexte)

    return noter


def _millisecondes(faire: Callable[[], object]) -> float:
    debut = time.perf_counter()
    faire()
    return 1000 * (time.perf_counter() - debut)


def _ligne(nom: str, mesure: float, unite: str, but: float, chiffres: int = 1) -> list[str]:
    dit = f"{virgule(mesure, chiffres)} {unite}".strip()
    return [nom, dit, f"{milliers(int(but))} {unite}".strip(), "tenu" if mesure <= but else "non"]


def _semblables() -> list[str]:
    from remontees.models import Remontee
    from remontees.routage.classement import semblables

    recentes = list(Remontee.objects.order_by("-entendue_le")[:40])
    ms = median(_millisecondes(lambda r=remontee: semblables(r)) for remontee in recentes)  # type: ignore[misc]
    return _ligne("trois plus proches", ms, "ms", 50)


def _apprendre() -> list[str]:
    from remontees.routage.classement import apprendre

    return _ligne("apprendre les catégories", _millisecondes(apprendre) / 1000, "s", 60)


def _signaux() -> list[str]:
    from remontees.comite.signaux import chaleurs, peu_entendus, signaux_faibles

    def tous() -> None:
        signaux_faibles()
        chaleurs()
        peu_entendus()

    return _ligne("signaux faibles", _millisecondes(tous) / 1000, "s", 60)


def _noter(client: Client, agent: Any) -> list[str]:
    """Number of queries of a POST at the desk, without that of the second factor and without BEGIN and COMMIT."""
    # The choices of the form are then in the cache of the process.
    client.get("/remontees/noter/")
    with CaptureQueriesContext(connection) as requetes:
        reponse = client.post(
            "/remontees/noter/",
            {"verbatim": "Le lampadaire est éteint.", "canal": "accueil"},
            headers={"accept": "application/json"},
        )
    assert reponse.status_code == 201, reponse.status_code
    siennes = [
        r for r in requetes if "mfa_authenticator" not in r["sql"] and r["sql"] not in {"BEGIN", "COMMIT"}
    ]
    return _ligne("noter : instructions de l’envoi", len(siennes), "", 3, 0)


def _importer(agent: Any) -> list[str]:
    from remontees.models import Import
    from remontees.reception import imports

    sortie = io.StringIO()
    table = csv.writer(sortie, delimiter=";")
    table.writerow(["adresse", "texte", "date"])
    for n in range(LIGNES):
        texte = " ".join(MOTS[(n * 7 + j * j) % len(MOTS)] for j in range(12))
        table.writerow([f"https://reseau.example.org/{n}", texte, "2026-01-31"])
    fichier = SimpleUploadedFile("messages.csv", sortie.getvalue().encode(), "text/csv")

    def importer() -> None:
        ouvert = imports.ouvrir_import(fichier, par=agent)
        imports.importer(ouvert.pk)  # the worker reads the file, then its rows
        imports.lancer_import(
            ouvert.pk, relies={"source": "adresse", "verbatim": "texte", "entendue_le": "date"}
        )
        imports.importer(ouvert.pk)
        fini = Import.objects.get(pk=ouvert.pk)
        assert fini.nouvelles == LIGNES, (fini.nouvelles, fini.rejetees)

    return _ligne(f"importer {milliers(LIGNES)} messages", _millisecondes(importer) / 1000, "s", 60)


def _recevoir() -> list[list[str]]:
    """Make the remontées of the import, as one worker does, while another serves who speaks meanwhile."""
    from remontees.models import Reception
    from remontees.reception.arrivees import recevoir_ce_qui_attend

    attente: list[float] = []
    fini = Event()
    avant = Reception.objects.filter(faite_le=None).count()
    with ThreadPoolExecutor(1) as fils:
        parle = fils.submit(_parler, fini, attente)
        debut = time.perf_counter()
        while recevoir_ce_qui_attend():
            pass
        secondes = time.perf_counter() - debut
        fini.set()
        parle.result()
    assert not Reception.objects.filter(faite_le=None).exists()
    return [
        _ligne(f"faire {milliers(avant)} remontées d’un import", secondes, "s", 60),
        _ligne("un message du public pendant ce temps, le plus long", max(attente), "s", 5),
    ]


def _parler(fini: Event, attente: list[float]) -> None:
    """Say something twice a second until the end, and note the seconds until it has its number."""
    from remontees.models import Reception
    from remontees.reception import arrivees
    from remontees.reception.regles import Charge

    try:
        while not attente or not fini.wait(0.5):
            debut = time.perf_counter()
            cle = arrivees.deposer(Charge(verbatim="Une fuite d’eau.", canal="site"))
            arrivees.recevoir(cle)
            while not Reception.objects.exclude(remontee=None).filter(pk=cle).exists():
                time.sleep(0.05)
            attente.append(time.perf_counter() - debut)
    finally:
        connection.close()
