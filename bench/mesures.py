"""Each measure, and the table it gives."""

import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from urllib.parse import urlencode

from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench.charge import Mesure, charger, get, post
from bench.donnees import inserer
from bench.serveurs import Banc, gunicorn, temps_processeur
from bench.temoin_table import TABLE
from participation.socle.models import Commune, Compte
from petitions.actions import decompte, lettres, pseudonymisation, seuils
from petitions.models import Petition, ReglementPetition
from petitions.workflow import Etat

JETON = "b" * 32  # a CSRF secret, in the cookie and in the form
TITRES = ("", "requêtes/s", "part du témoin", "p50 ms", "p95 ms", "p99 ms", "CPU ms app", "CPU ms PostgreSQL")


def tableau(titre: str, entetes: tuple[str, ...], lignes: list[tuple[str, ...]]) -> None:
    largeurs = [max(len(ligne[i]) for ligne in [entetes, *lignes]) for i in range(len(entetes))]
    print(f"\n{titre}")
    for ligne in [entetes, tuple("-" * largeur for largeur in largeurs), *lignes]:
        print(
            "  ".join(
                v.ljust(n) if i == 0 else v.rjust(n)
                for i, (v, n) in enumerate(zip(ligne, largeurs, strict=True))
            )
        )
    sys.stdout.flush()


def petition_ouverte() -> Petition:
    texte = (
        "Nous demandons une piste cyclable continue, éclairée et séparée de la route, de Vizille à Grenoble. "
        * 20
    )
    return Petition.objects.create(
        titre="Une piste cyclable de Vizille à Grenoble",
        auteur=Compte.objects.first() or Compte.objects.create_user("bench@example.org"),
        reglement=ReglementPetition.objects.en_vigueur(),
        demande=texte,
        raisons=texte,
        nom_auteur="Alma Personne",
        etat=Etat.EN_COLLECTE,
        est_publie=True,
        reference=f"PET-2026-{Petition.objects.count() + 1:04d}",
        deposee_le=timezone.now() - timedelta(days=60),
        decidee_le=timezone.now() - timedelta(days=40),
        collecte_ouverte_le=timezone.now() - timedelta(days=30),
        date_fin_collecte=timezone.localdate() + timedelta(days=60),
    )


def _mesurer(
    lance: Banc, port: int, pid: int, requete: Callable[[int], bytes], duree: float
) -> tuple[Mesure, float, float]:
    """(measure, CPU ms a request of the application, of PostgreSQL), after a warm-up."""
    charger(port, requete, min(2.0, duree / 2))
    avant = temps_processeur(pid), temps_processeur(lance.postgres)
    # another range of numbers: addresses must be new
    mesure = charger(port, lambda n: requete(n + 1_000_000), duree)
    apres = temps_processeur(pid), temps_processeur(lance.postgres)
    app, base = (1000 * (b - a) / mesure.reponses for a, b in zip(avant, apres, strict=True))
    return mesure, app, base


def _lire(url: str, n: int) -> bytes:
    return get(url)


def _ligne(nom: str, m: Mesure, app: float, base: float, temoin: float | None) -> tuple[str, ...]:
    part = f"{100 * m.debit / temoin:.0f} %" if temoin else ""
    autres = {s: n for s, n in m.statuts.items() if s not in {200, 303}}
    return (
        f"{nom}{f' {autres}' if autres else ''}",
        f"{m.debit:.0f}",
        part,
        f"{m.p50:.0f}",
        f"{m.p95:.0f}",
        f"{m.p99:.0f}",
        f"{app:.2f}",
        f"{base:.2f}",
    )


class _Requetes:
    """Requests that are never twice the same address."""

    serie = 0

    def __init__(self, petition: int = 0, commune: str = "") -> None:
        _Requetes.serie += 1
        self.serie, self.petition, self.commune = _Requetes.serie, petition, commune

    def temoin(self, n: int) -> bytes:
        return post(
            "/inserer", urlencode({"nom": "Léa Marchetti", "courriel": f"lea{self.serie}-{n}@example.org"})
        )

    def signer(self, n: int) -> bytes:
        corps = {
            "csrfmiddlewaretoken": JETON,
            "prenom": "Léa",
            "nom": "Marchetti",
            "courriel": f"lea{self.serie}-{n}@example.org",
            "commune": self.commune,
            "qualite": "resident",
            "age": "on",
        }
        return post(f"/petitions/{self.petition}/signer/", urlencode(corps), cookie=f"csrftoken={JETON}")


def http(lance: Banc, volumes: list[int], duree: float, *, avec: set[str]) -> Petition:
    """Signing and the public page, beside the reference, as signatures pile up."""
    with connection.cursor() as curseur:
        curseur.execute(TABLE)
    petition = petition_ouverte()
    commune = Commune.objects.get(nom="Vizille").pk
    signer: list[tuple[str, ...]] = []
    page: list[tuple[str, ...]] = []
    fait = 0
    for volume in volumes:
        if volume > fait:
            inserer(petition.pk, nombre=volume - fait, communes=49, comptees=False)
            decompte.compter()
            seuils.constater_seuils()
            fait = volume
        petition.refresh_from_db()
        nom = f"{volume:,} signatures".replace(",", " ")
        # The reference again at each volume, just before: the machine is not the same from one minute to the next.
        with gunicorn(lance, "bench.temoin:application", "/vivant") as (port, pid):
            nu_insert = _mesurer(lance, port, pid, _Requetes().temoin, duree) if "signer" in avec else None
            nu_page = _mesurer(lance, port, pid, lambda n: get("/page"), duree) if "page" in avec else None
        url = petition.get_public_url()
        with gunicorn(lance, "participation.wsgi:application", f"/petitions/{petition.pk}/signer/") as (
            port,
            pid,
        ):
            if nu_insert:
                signer.append(_ligne("témoin : un INSERT", *nu_insert, None))
                mesure = _mesurer(lance, port, pid, _Requetes(petition.pk, commune).signer, duree)
                signer.append(_ligne(f"signer, {nom}", *mesure, nu_insert[0].debit))
            if nu_page:
                page.append(_ligne("témoin : un petit gabarit", *nu_page, None))
                mesure = _mesurer(lance, port, pid, partial(_lire, url), duree)
                page.append(_ligne(f"page publique, {nom}", *mesure, nu_page[0].debit))
    if signer:
        tableau("Signer (POST), 16 clients, 2 processus web", TITRES, signer)
    if page:
        tableau("Page publique (GET), 16 clients, 2 processus web", TITRES, page)
    _instructions(petition, commune, avec)
    return petition


def _instructions(petition: Petition, commune: str, avec: set[str]) -> None:
    """Statements of each request, and CPU of a page that no cache holds; in this process."""
    client = Client(SERVER_NAME="127.0.0.1")
    lignes = []
    if "signer" in avec:
        corps = {"prenom": "Léa", "nom": "Roux", "commune": commune, "qualite": "resident", "age": "on"}
        chemin = f"/petitions/{petition.pk}/signer/"
        client.post(chemin, {**corps, "courriel": "un@example.org"})
        with CaptureQueriesContext(connection) as requetes:
            client.post(chemin, {**corps, "courriel": "deux@example.org"})
        lignes.append(("signer", str(len(requetes)), ""))
    if "page" in avec:
        url = petition.get_public_url()
        client.get(url)
        with CaptureQueriesContext(connection) as requetes:
            client.get(url)
        lignes.append(("page publique, gardée", str(len(requetes)), ""))
        fois = 20
        caches["pages"].clear()
        with CaptureQueriesContext(connection) as requetes:
            client.get(url)
        debut = time.process_time()
        for _ in range(fois):
            caches["pages"].clear()
            client.get(url)
        cpu = 1000 * (time.process_time() - debut) / fois
        lignes.append(("page publique, non gardée", str(len(requetes)), f"{cpu:.1f}"))
    tableau("Instructions SQL d’une requête", ("", "instructions", "CPU ms"), lignes)


def compter(petition: Petition, volume: int) -> None:
    """The periodic count with new signatures, the letters owed, the nightly recount."""
    _completer(petition, volume)
    lignes = []
    for nouvelles in (2000, 2000):
        inserer(petition.pk, nombre=nouvelles, communes=49, jours=1)
        debut = time.perf_counter()
        comptees = decompte.compter()
        lignes.append(
            (f"compter {comptees} nouvelles", f"{1000 * (time.perf_counter() - debut):.0f} ms", "200 ms")
        )
    debut = time.perf_counter()
    seuils.constater_seuils()
    lignes.append(("constater les seuils", f"{1000 * (time.perf_counter() - debut):.0f} ms", ""))
    debut = time.perf_counter()
    ecarts = decompte.recompter()
    lignes.append((f"recompter tout (écarts : {len(ecarts)})", f"{time.perf_counter() - debut:.2f} s", "5 s"))
    debut = time.perf_counter()
    ecrites = lettres.ecrire_aux_signataires()
    duree = time.perf_counter() - debut
    if ecrites:
        lignes.append((f"écrire {ecrites} lettres", f"{ecrites / duree:.0f} lettres/s", ""))
    tableau(f"Compter, {_total(petition):,} signatures".replace(",", " "), ("", "mesure", "but"), lignes)


def _total(petition: Petition) -> int:
    return petition.signatures.count()


def _completer(petition: Petition, volume: int) -> None:
    manque = volume - _total(petition)
    if manque > 0:
        inserer(petition.pk, nombre=manque, communes=49)
    decompte.compter()


def export(lance: Banc, petition: Petition, volume: int) -> None:
    """The CSV of all signatures, in its own process: memory at its highest."""
    _completer(petition, volume)
    sortie = subprocess.run(
        [sys.executable, "-m", "bench", "_export", str(petition.pk)],
        env=lance.env,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    lignes, octets, duree, memoire = int(sortie[0]), int(sortie[1]), float(sortie[2]), float(sortie[3])
    tableau(
        "Export CSV",
        ("lignes", "Mio", "durée", "lignes/s", "mémoire au plus haut", "but"),
        [
            (
                str(lignes),
                f"{octets / 2**20:.0f}",
                f"{duree:.1f} s",
                f"{lignes / duree:.0f}",
                f"{memoire:.0f} Mio",
                "150 Mio",
            )
        ],
    )


def exporter(numero: int) -> None:
    from participation.socle.export import csv_en_flux
    from petitions.views.fraude import ENTETES, lignes_exportees

    debut = time.perf_counter()
    lignes = octets = 0
    for morceau in csv_en_flux(ENTETES, lignes_exportees(Petition.objects.get(pk=numero))):
        lignes += morceau.count(b"\n")
        octets += len(morceau)
    memoire = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(lignes, octets, time.perf_counter() - debut, memoire)


def pseudonymiser(lance: Banc, petition: Petition, volume: int, duree: float) -> None:
    """Forgetting a million signers while others sign another pétition."""
    _completer(petition, volume)
    autre = petition_ouverte()
    commune = Commune.objects.get(nom="Vizille").pk
    lignes = []

    def effacer() -> None:
        try:
            pseudonymisation.poursuivre_pseudonymisation(petition.pk)
        finally:
            connection.close()

    with gunicorn(lance, "participation.wsgi:application", f"/petitions/{autre.pk}/signer/") as (port, _):
        charger(port, _Requetes(autre.pk, commune).signer, 2, clients=4)
        seul = charger(port, _Requetes(autre.pk, commune).signer, duree, clients=4)
        fil = threading.Thread(target=effacer)
        debut = time.perf_counter()
        fil.start()
        pendant = charger(port, _Requetes(autre.pk, commune).signer, duree, clients=4)
        fil.join()
        total = time.perf_counter() - debut
    for nom, m in (("signer seul, 4 clients", seul), ("signer pendant l’effacement", pendant)):
        lignes.append((nom, f"{m.debit:.0f}", f"{m.p50:.0f}", f"{m.p95:.0f}", f"{m.p99:.0f}"))
    tableau(
        f"Pseudonymiser {_total(petition):,} signatures : {total:.0f} s".replace(",", " "),
        ("", "requêtes/s", "p50 ms", "p95 ms", "p99 ms"),
        lignes,
    )


def charge_machine() -> str:
    une, cinq, _ = os.getloadavg()
    return f"charge de la machine au départ : {une:.1f} (1 min), {cinq:.1f} (5 min), {os.cpu_count()} cœurs"
