"""Faire brûler un site et le remettre en marche ailleurs, pour savoir ce qui est perdu et en combien de temps.

    make exercice                                   un site de démonstration, cinq minutes de trafic
    make exercice ARGS="--signatures 1000000"       le même, plus gros
    make exercice ARGS="--secondes 90 --garder"     plus court, et les dossiers restent pour être regardés

Le site de l’exercice est à lui seul (ports libres, dossier temporaire) : rien d’autre n’est touché. La base est archivée et les fichiers
copiés par les réglages et les commandes de deploy/ ; tout est tué et effacé à un moment tiré au hasard ; deploy/restaurer.sh le remet
debout dans un autre dossier. Le code de sortie dit si les buts sont tenus : cinq minutes perdues au plus, de retour en une heure.
"""

import argparse
import os
import random
import secrets
import shutil
import signal
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import NoReturn

from bench.exercice.comparaison import (
    RETROUVER,
    Acte,
    Ecart,
    actes_perdus,
    comparer_les_bases,
    comparer_les_fichiers,
    restauree_jusqu_a,
)
from bench.exercice.machine import Machine
from bench.exercice.trafic import Lettre, Relais, Trafic
from bench.tableaux import milliers, tableau, virgule
from ops import services

BUT_PERDU, BUT_RETOUR = 5 * 60, 60 * 60  # seconds
CODES = 20_000
OUVERTURE = 600  # seconds that the demonstration may take to be loaded
PERIODE = 60.0  # of participation-fichiers.timer
NON_COPIES = ("exports", "codes")  # participation-fichiers.service
APRES = 45  # seconds during which the restored site is listened to: a letter that left must not leave again


@dataclass
class Bilan:
    brule_le: datetime
    actes: list[Acte]
    perdus: list[Acte]
    ecarts: list[Ecart]
    restauration: float  # seconds
    retour: float
    doubles: Counter[Lettre]

    @property
    def perdu(self) -> float:
        """Seconds before the fire of the oldest thing that is not there any more."""
        instants = [acte.le for acte in self.perdus]
        instants += [e.plus_ancienne for e in self.ecarts if e.plus_ancienne]
        return max(((self.brule_le - instant).total_seconds() for instant in instants), default=0.0)

    @property
    def est_tenu(self) -> bool:
        sans_date = sum(ecart.sans_date for ecart in self.ecarts)
        return self.perdu <= BUT_PERDU and self.retour <= BUT_RETOUR and not sans_date and not self.doubles


def dire(message: str) -> None:
    print(f"{datetime.now().astimezone():%H:%M:%S}  {message}", flush=True)


def lire() -> argparse.Namespace:
    analyseur = argparse.ArgumentParser(
        prog="exercice", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    analyseur.add_argument("--secondes", type=int, default=300, help="de trafic, à une minute près (300)")
    analyseur.add_argument("--signatures", type=int, default=100_000, help="déjà là au début (100 000)")
    analyseur.add_argument("--garder", action="store_true", help="ne pas effacer les dossiers à la fin")
    return analyseur.parse_args()


def attendre(port: int, chemin: str, secondes: float) -> None:
    fin = time.monotonic() + secondes
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}{chemin}", timeout=10).read()
            return
        except OSError:
            if time.monotonic() > fin:
                raise
            time.sleep(0.2)


def peupler(machine: Machine, signatures: int, relais: Relais) -> Trafic:
    """A pétition with its signatures, a vote with its codes, on the site that runs. Returns who will act on it."""
    os.environ.update(
        machine.env, DJANGO_SETTINGS_MODULE="participation.settings", BROKER_URL=machine.courtier
    )
    import django

    django.setup()
    from bench.donnees.signatures import completer, petition_ouverte
    from bench.vote import scrutin_ouvert, tirer_codes
    from participation.budgets.vote import urne
    from participation.socle.models import Commune, Compte, Document
    from petitions.collecte.actes import demander_affiche

    agent = Compte.objects.create(courriel="exercice@bench.example.org", prenom="Banc", nom="Essai")
    petition, scrutin = petition_ouverte(), scrutin_ouvert(agent)
    completer(petition, signatures)
    codes = tirer_codes(scrutin, CODES)

    def demander_pdf() -> str:
        demander_affiche(petition, par=agent)
        return str(Document.objects.latest("pk").cle_publique)

    def pret(cle: str) -> bool:
        return Document.objects.filter(cle_publique=cle, etat=Document.Etat.PRET).exists()

    commune = Commune.objects.get(nom="Vizille").pk
    empreinte = lambda code: urne.empreinte_de(scrutin, code)  # noqa: E731
    return Trafic(
        machine.port, relais, petition.pk, commune, scrutin.pk, codes, empreinte, demander_pdf, pret
    )


def brasser(trafic: Trafic, secondes: float) -> None:
    trafic.lancer()
    time.sleep(secondes)
    compte = Counter(acte.genre for acte in trafic.actes)
    dire("Répondu : " + ", ".join(f"{milliers(n)} × {genre}" for genre, n in compte.items()) + ".")


def retrouver(trafic: Trafic, relais: Relais) -> None:
    """The site is back when somebody signs on it and her letter leaves."""
    while not (acte := trafic.signer()):
        time.sleep(0.2)
    while not any(adresse == acte.cle for (adresse, _), _ in relais.recues):
        time.sleep(0.1)


def comparer(temoin: Path, la: Machine, actes: list[Acte], pile: ExitStack) -> tuple[list[Acte], list[Ecart]]:
    """Open the picture of what burnt, and compare the restored site with it before it serves."""
    dire("Comparaison, ligne à ligne et fichier par fichier…")
    brulee = services.preparer_postgres(
        temoin / "postgres", ("archive_mode=off", "unix_socket_directories=.", "track_commit_timestamp=on")
    )
    processus = services.lancer(brulee.commande, temoin / "postgres.log")
    pile.callback(services.arreter, processus, brulee.signal_arret)
    services.attendre_postgres(brulee.url, processus, temoin / "postgres.log")
    oublies = actes_perdus(brulee.url, actes)
    if oublies:
        sys.exit(f"L’exercice ne vaut rien : le site d’ici avait déjà perdu {len(oublies)} actes.")
    restauree_a = restauree_jusqu_a(la.postgres.url)
    ecarts = comparer_les_bases(brulee.url, la.postgres.url, restauree_a)
    fichiers = comparer_les_fichiers(temoin / "donnees/fichiers", la.donnees / "fichiers", sauf=NON_COPIES)
    return actes_perdus(la.postgres.url, actes), [*ecarts, fichiers]


def exercer(dossier: Path, choix: argparse.Namespace) -> Bilan:
    coffre = {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "PGBACKREST_REPO1_CIPHER_PASS": secrets.token_urlsafe(50),
        "RESTIC_PASSWORD": secrets.token_urlsafe(50),
    }
    relais, copies = Relais(), dossier / "copies"
    with ExitStack() as pile:
        smtp = pile.enter_context(relais.ouvert())
        dire("Le site d’ici : base archivée, démonstration (quelques minutes)…")
        ici = Machine(dossier / "ici", copies, coffre)
        pile.callback(ici.arreter)
        ici.ouvrir_la_base()
        ici.ouvrir_les_copies()
        ici.ouvrir_le_site(smtp, demonstration=True)
        attendre(ici.port, "/sante", OUVERTURE)
        trafic = peupler(ici, choix.signatures, relais)
        debut = time.monotonic()
        ici.copier_la_base()
        dire(f"Première copie entière de la base : {virgule(time.monotonic() - debut, 0)} s.")
        # At any moment of the minute: what burns is between two copies.
        secondes = choix.secondes + random.uniform(0, PERIODE)
        dire(f"Trafic pendant {secondes:.0f} s, une copie des fichiers chaque minute…")
        with ici.copies_de_chaque_minute(PERIODE):
            brasser(trafic, secondes)
            brule_le = ici.tuer()
        trafic.fini.set()
        depart = time.monotonic()
        actes = [acte for acte in trafic.actes if acte.le <= brule_le]
        dire("Tout est tué. Une image est gardée pour comparer, puis tout est effacé.")
        shutil.copytree(ici.dossier, dossier / "temoin", ignore=shutil.ignore_patterns(".s.*"), symlinks=True)
        ici.detruire()
        copie = time.monotonic() - depart

        dire("Ailleurs : deploy/restaurer.sh…")
        la = Machine(dossier / "ailleurs", copies, coffre)
        pile.callback(la.arreter)
        debut = time.monotonic()
        dit = la.restaurer()
        restauration = time.monotonic() - debut
        print("".join(f"          {ligne}\n" for ligne in dit.splitlines()), end="", flush=True)

        debut = time.monotonic()
        perdus, ecarts = comparer(dossier / "temoin", la, actes, pile)
        copie += time.monotonic() - debut  # not part of a return

        avant = Counter(lettre for lettre, _ in relais.recues)
        la.ouvrir_le_site(smtp, demonstration=False)
        attendre(la.port, "/sante", OUVERTURE)
        retrouver(trafic.sur(la.port), relais)
        retour = time.monotonic() - depart - copie
        dire(f"Le site est revenu en {virgule(retour / 60, 1)} min. On l’écoute {APRES} s…")
        time.sleep(APRES)
        depuis = Counter(lettre for lettre, _ in relais.recues) - avant
        doubles = Counter({lettre: n for lettre, n in depuis.items() if lettre in avant})
    return Bilan(brule_le, actes, perdus, ecarts, restauration, retour, doubles)


def montrer(bilan: Bilan) -> None:
    lignes = []
    for genre in RETROUVER:
        perdus = [acte.le for acte in bilan.perdus if acte.genre == genre]
        lignes.append(
            [
                genre,
                milliers(sum(a.genre == genre for a in bilan.actes)),
                milliers(len(perdus)),
                avant(bilan, perdus),
            ]
        )
    tableau("Ce à quoi le site avait répondu", ("", "actes", "perdus", "depuis"), lignes)
    lignes = [
        [
            ecart.nom,
            milliers(ecart.total),
            milliers(len(ecart.perdues) + ecart.sans_date),
            milliers(len(ecart.anciennes)),
            avant(bilan, [*ecart.perdues, *ecart.anciennes]),
            milliers(ecart.revenues),
            milliers(ecart.decidees),
        ]
        for ecart in bilan.ecarts
        if not ecart.est_vide or ecart.nom == "fichiers"
    ]
    tableau(
        "Ligne à ligne, ce qui diffère",
        ("", "en tout", "perdues", "plus anciennes", "depuis", "revenues", "écrites par la restauration"),
        lignes,
    )
    total = sum(ecart.total for ecart in bilan.ecarts)
    print(
        f"\nComparé : {milliers(total)} lignes et fichiers de {len(bilan.ecarts) - 1} tables et d’un dossier."
    )
    print(f"Lettres parties une seconde fois : {sum(bilan.doubles.values())}.")
    for (adresse, sujet), combien in bilan.doubles.most_common(10):
        print(f"  {combien} × {sujet} ({adresse})")
    print(f"Perdu : {virgule(bilan.perdu, 0)} s avant l’incendie (but : {BUT_PERDU} s au plus).")
    print(
        f"De retour : {virgule(bilan.retour, 0)} s (but : {BUT_RETOUR} s au plus), dont deploy/restaurer.sh :"
        f" {virgule(bilan.restauration, 0)} s. Sans le temps de trouver une machine et d’y installer Debian."
    )
    print("Les buts sont tenus." if bilan.est_tenu else "LES BUTS NE SONT PAS TENUS.")


def avant(bilan: Bilan, instants: list[datetime]) -> str:
    if not instants:
        return ""
    return f"{virgule((bilan.brule_le - min(instants)).total_seconds(), 0)} s avant"


def _finir(numero: int, cadre: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def main() -> int:
    choix = lire()
    for numero in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(numero, _finir)  # what was started is stopped
    dossier = Path(tempfile.mkdtemp(prefix="exercice-"))
    try:
        bilan = exercer(dossier, choix)
        montrer(bilan)
        print(
            f"({datetime.now().astimezone():%d/%m/%Y}, {os.cpu_count()} cœurs, charge {os.getloadavg()[0]:.1f}, base de {taille(dossier)})"
        )
    finally:
        if choix.garder:
            print(f"Dossiers gardés : {dossier}")
        else:
            shutil.rmtree(dossier, ignore_errors=True)
    return 0 if bilan.est_tenu else 1


def taille(dossier: Path) -> str:
    octets = sum(f.stat().st_size for f in (dossier / "temoin/postgres").rglob("base/*/*") if f.is_file())
    return f"{virgule(octets / 1e9, 1)} Go"


if __name__ == "__main__":
    sys.exit(main())
