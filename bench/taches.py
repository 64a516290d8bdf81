"""Measures of the tasks of the worker: counting, pseudonymisation, export."""

import subprocess
import sys
import threading
import time
from pathlib import Path
from statistics import median

from django.db import connection

from bench.charge import Mesure, charger
from bench.donnees.signatures import completer, inserer, petition_ouverte
from bench.serveurs import RACINE, Banc, charge_machine, gunicorn
from bench.tableaux import milliers, tableau, virgule
from bench.web import signer
from participation.socle.fichiers.export import csv_en_flux
from participation.socle.models import Commune
from petitions import pseudonymisation
from petitions.fraude.vues import ENTETES, lignes_exportees
from petitions.models import Petition
from petitions.seuils import actes as seuils
from petitions.signatures import decompte

NOUVELLES = 2000


def compter(petition: Petition, volume: int, *, tours: int = 5) -> None:
    """Measure the count of new signatures (median of `tours`), the thresholds and the nightly recount."""
    completer(petition, volume)
    print(f"… compter ({charge_machine()})", flush=True)
    durees = []
    for _ in range(tours):
        inserer(petition.pk, nombre=min(NOUVELLES, volume), communes=49, jours=1)
        debut = time.perf_counter()
        comptees = decompte.compter()
        durees.append(1000 * (time.perf_counter() - debut))
        assert comptees == min(NOUVELLES, volume), comptees
    debut = time.perf_counter()
    seuils.constater_seuils()
    constat = 1000 * (time.perf_counter() - debut)
    debut = time.perf_counter()
    ecarts = decompte.recompter()
    recompte = time.perf_counter() - debut
    lignes = [
        [
            f"compter {milliers(comptees)} nouvelles (médiane de {tours} ; la plus longue {max(durees):.0f} ms)",
            f"{median(durees):.0f} ms",
            "< 200 ms",
        ],
        ["constater les seuils", f"{constat:.0f} ms", ""],
        [f"tout recompter (écarts trouvés : {len(ecarts)})", f"{virgule(recompte, 2)} s", "< 5 s"],
    ]
    total = petition.signatures.filter(est_comptee=True).count()
    tableau(f"Compter, {milliers(total)} signatures", ("", "mesure", "but"), lignes)


def pseudonymiser(lance: Banc, petition: Petition, volume: int, duree: float) -> None:
    """Pseudonymise the signatures of a pétition while others sign another one, which must not be slowed down."""
    completer(petition, volume)
    total = petition.signatures.count()
    autre = petition_ouverte()
    commune = Commune.objects.get(nom="Vizille").pk
    travail = threading.Thread(target=_effacer, args=[petition.pk])
    print(f"… pseudonymiser ({charge_machine()})", flush=True)
    with gunicorn(lance, "participation.wsgi:application", "/") as (port, _):
        charger(port, signer(autre.pk, commune), 1.5, clients=4)
        seul = charger(port, signer(autre.pk, commune), duree, clients=4)
        debut = time.perf_counter()
        travail.start()
        pendant = charger(port, signer(autre.pk, commune), 300, clients=4, tant_que=travail.is_alive)
        travail.join()
        ecoulee = time.perf_counter() - debut
    reste = petition.signatures.exclude(nom_canonique="").count()
    assert reste == 0, f"{reste} signatures gardent un nom"
    tableau(
        f"Pseudonymiser {milliers(total)} signatures, par lots de {milliers(pseudonymisation.LOT)} : {ecoulee:.0f} s",
        ("Signer une autre pétition, 4 clients", "requêtes/s", "p50 ms", "p95 ms", "p99 ms", "au pire ms"),
        [_signatures("seuls", seul), _signatures("pendant l’effacement", pendant)],
    )


def _signatures(nom: str, m: Mesure) -> list[str]:
    assert set(m.statuts) == {303}, m.statuts
    return [nom, virgule(m.debit), *(virgule(m.rang(r), 1) for r in (0.5, 0.95, 0.99, 1))]


def _effacer(petition: int) -> None:
    try:
        pseudonymisation.poursuivre_pseudonymisation(petition)
    finally:
        connection.close()


def export(lance: Banc, petition: Petition, volume: int) -> None:
    """Export all the signatures to CSV, in its own process whose memory is measured."""
    completer(petition, volume)
    print(f"… export ({charge_machine()})", flush=True)
    sortie = subprocess.run(
        [sys.executable, "-m", "bench", "_export", str(petition.pk)],
        env=lance.env,
        cwd=RACINE,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout.split()
    lignes, octets = int(sortie[0]), int(sortie[1])
    duree, avant, haut = (float(mot) for mot in sortie[2:])
    tableau(
        f"Export CSV de {milliers(lignes - 1)} signatures",
        ("Mio", "durée s", "lignes/s", "mémoire avant Mio", "au plus haut Mio", "en plus Mio", "but"),
        [
            [
                *(virgule(octets / 2**20), virgule(duree, 1), virgule(lignes / duree)),
                *(virgule(avant), virgule(haut), virgule(haut - avant), "< 150 Mio en plus"),
            ]
        ],
    )


def exporter(numero: int) -> None:
    """Print: lines, bytes, seconds, memory before and at its highest (Mio)."""
    petition = Petition.objects.get(pk=numero)
    avant = _memoire("VmRSS")
    debut = time.perf_counter()
    lignes = octets = 0
    for morceau in csv_en_flux(ENTETES, lignes_exportees(petition)):
        lignes += morceau.count(b"\n")
        octets += len(morceau)
    print(lignes, octets, time.perf_counter() - debut, avant, _memoire("VmHWM"))


def _memoire(champ: str) -> float:
    for ligne in Path("/proc/self/status").read_text().splitlines():
        if ligne.startswith(f"{champ}:"):
            return int(ligne.split()[1]) / 1024
    raise LookupError(champ)
