"""Run the whole site on one machine: `python -m ops.run` (or `make run`), Ctrl-C to stop.

Starts the servers that are not given (DATABASE_URL, BROKER_URL, EMAIL_URL), migrates, loads the reference
data and, once, the demonstration. Then keeps web, worker and beat alive. With arguments, runs a command of
manage.py with the same servers: `python -m ops.run demo --recommencer`.
"""

import contextlib
import hashlib
import http.client
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from types import FrameType
from typing import NoReturn

from ops import services
from ops.depart import FEU_VERT, feu_rouge
from ops.superviseur import (
    ATTENTE_SITE,
    BINAIRES,
    DONNEES,
    JOURNAUX,
    PORT_SITE,
    RACINE,
    Etat,
    Impossible,
    Service,
    Superviseur,
    dire,
    fin_du_journal,
    seul,
    tourner_les_journaux,
)


def lire_port() -> int:
    valeur = os.environ.get("PORT", "") or str(PORT_SITE)
    if not valeur.isdecimal() or not 1 <= int(valeur) <= 65535:
        raise Impossible(f"PORT doit être un nombre de 1 à 65535, pas « {valeur} ».")
    return int(valeur)


def environnement(adresse: str) -> dict[str, str]:
    env = {
        "ENVIRONNEMENT": "developpement",
        "SITE_URL": adresse,
        # SMS are stored and shown on the page of letters; none is sent.
        "SMS_BACKEND": "participation.socle.courriels.sms.Puits",
        **os.environ,
        "DOSSIER_DONNEES": str(DONNEES),
        "PYTHONUNBUFFERED": "1",
    }
    if not env.get("SECRET_KEY"):
        cle = DONNEES / "secret_key"
        if not cle.exists():
            cle.touch(mode=0o600)
            cle.write_text(secrets.token_urlsafe(50))
        env["SECRET_KEY"] = cle.read_text()
    return env


def lancer_les_serveurs(superviseur: Superviseur) -> None:
    env = superviseur.env
    if not env.get("DATABASE_URL"):
        serveur = services.preparer_postgres(DONNEES)
        service = Service("postgres", serveur.commande, serveur.signal_arret)
        services.attendre_postgres(serveur.url, superviseur.lancer(service), service.journal)
        env["DATABASE_URL"] = serveur.url
    if not env.get("BROKER_URL"):
        serveur = services.preparer_valkey(DONNEES / "valkey")
        service = Service("valkey", serveur.commande, serveur.signal_arret)
        services.attendre_valkey(serveur.url, superviseur.lancer(service), service.journal)
        env["BROKER_URL"] = serveur.url


def lancer_le_relais(superviseur: Superviseur) -> None:
    """Start a mail server that accepts every letter and sends none: the worker works as in production."""
    if superviseur.env.get("EMAIL_URL"):
        return
    relais = f"127.0.0.1:{services.port_libre()}"
    puits = ("-m", "aiosmtpd", "--nosetuid", "--smtputf8", "--class", "aiosmtpd.handlers.Sink")
    superviseur.lancer(Service("relais", (*services.MEURT_AVEC, sys.executable, *puits, "--listen", relais)))
    superviseur.env["EMAIL_URL"] = f"smtp://{relais}"


def preparer_la_base(env: dict[str, str], *options: str) -> str:
    """Migrate and load the data (`manage.py preparer`). Shows each step; returns the rest of the output.

    Raises Impossible with the last lines of the errors.
    """
    with (
        tempfile.TemporaryFile("w+") as erreurs,
        subprocess.Popen(
            [*services.MEURT_AVEC, sys.executable, "manage.py", "preparer", *options],
            env=env,
            cwd=RACINE,
            stdout=subprocess.PIPE,
            stderr=erreurs,
            text=True,
            start_new_session=True,
        ) as processus,
    ):
        assert processus.stdout
        reste = ""
        try:
            for ligne in processus.stdout:
                if "…" in ligne:
                    dire(ligne.strip())
                elif "@" in ligne:  # an account, or how to make one: a solver says its name on the way
                    reste += ligne
            processus.wait()
        except BaseException:  # the child is in its own session and does not receive Ctrl-C
            processus.kill()
            raise
        if processus.returncode:
            erreurs.seek(0)
            detail = "\n".join(erreurs.read().splitlines()[-15:])
            raise Impossible(f"La base n'a pas pu être préparée :\n{detail}")
    return reste


def preparer_le_site(env: dict[str, str], *, embarquee: bool) -> str:
    """Prepare the database. Returns the list of the demonstration accounts, or how to make the first one."""
    if env.get("DEMONSTRATION") == "non":
        return preparer_la_base(env)
    # Mark that the demonstration is loaded, for the embedded database or for each DATABASE_URL.
    cle = "" if embarquee else f"-{hashlib.sha256(env['DATABASE_URL'].encode()).hexdigest()[:12]}"
    marque = DONNEES / f"demonstration{cle}"
    comptes = preparer_la_base(env, "--comptes", *(() if marque.exists() else ("--demonstration",)))
    marque.touch()
    return comptes


def lancer_le_site(superviseur: Superviseur, port: int) -> None:
    web = (
        *(str(BINAIRES / "gunicorn"), "--config", "python:ops.web", "--chdir", str(RACINE)),
        *("--bind", f"127.0.0.1:{port}", "--workers", "2", "--graceful-timeout", "5"),
        *("--access-logfile", "-"),
    )
    celery = (sys.executable, "-m", "ops.celery", "-A", "participation", "--workdir", str(RACINE))
    worker = (
        *(*celery, "worker", "--loglevel", "INFO", "--concurrency", "2"),
        # Heartbeats are not used, and one that starts while the broker stops would never end.
        *("--without-gossip", "--without-mingle", "--without-heartbeat"),
    )
    # The checks of the project are run once, by the worker.
    beat = (
        *(*celery, "--skip-checks", "beat", "--loglevel", "INFO"),
        *("--pidfile=", "--schedule", str(DONNEES / "beat")),
    )
    courants, codes = (
        (*worker, "-Q", "celery"),
        (*worker, "-Q", "codes", "-n", "codes@%h", "--concurrency", "1"),
    )
    for nom, commande in (("web", web), ("worker", courants), ("codes", codes), ("beat", beat)):
        superviseur.lancer(Service(nom, (*services.MEURT_AVEC, *commande)))


def attendre_le_site(superviseur: Superviseur, port: int) -> None:
    fin = time.monotonic() + ATTENTE_SITE
    while time.monotonic() < fin:
        superviseur.veiller()
        superviseur.verifier_ouverture()
        connexion = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        with contextlib.suppress(OSError, http.client.HTTPException, ValueError):
            connexion.request("GET", "/sante")
            if json.load(connexion.getresponse())["composants"]["base"]["ok"]:
                return
        connexion.close()
        time.sleep(0.1)
    raise Impossible(
        f"Le site ne répond pas. Fin de {JOURNAUX / 'web.log'} :\n" + fin_du_journal(JOURNAUX / "web.log")
    )


def presenter(env: dict[str, str], adresse: str, comptes: str) -> None:
    dire(f"\nLe site est ouvert : {adresse}\n")
    if comptes:
        titre = "" if env.get("DEMONSTRATION") == "non" else "Comptes de démonstration :\n"
        dire(f"{titre}{comptes.rstrip()}\n")
    if env["ENVIRONNEMENT"] == "developpement":
        dire(f"Lettres et SMS envoyés (et codes de connexion) : {adresse}/developpement/lettres/")
    dire(f"Journaux : {JOURNAUX}")
    dire("Ctrl-C pour tout arrêter.")


# --- run the site, or one command ------------------------------------------------------------


def tout_lancer() -> None:
    port = lire_port()
    adresse = f"http://127.0.0.1:{port}"
    with seul() as unique:
        if not unique:
            ailleurs = Etat.lire().adresse
            raise Impossible(
                f"Le site tourne déjà : {ailleurs}"
                if ailleurs
                else "Le site est déjà en train de démarrer dans une autre fenêtre."
            )
        if services.port_est_pris(port):
            raise Impossible(
                f"Le port {port} est déjà pris par un autre programme. "
                f"Choisissez-en un autre, par exemple : PORT={port + 1} make run"
            )
        tourner_les_journaux()
        superviseur = Superviseur(environnement(adresse))
        embarquee = not superviseur.env.get("DATABASE_URL")
        try:
            dire("Base de données et file d'attente…")
            lancer_les_serveurs(superviseur)
            lancer_le_relais(superviseur)
            feu = DONNEES / "feu_vert.lock"
            superviseur.env[FEU_VERT] = str(feu)
            with feu_rouge(feu):
                lancer_le_site(superviseur, port)
                comptes = preparer_le_site(superviseur.env, embarquee=embarquee)
            dire("Site, tâches de fond et calendrier…")
            attendre_le_site(superviseur, port)
            superviseur.etat.adresse = adresse
            superviseur.etat.ecrire()
            presenter(superviseur.env, adresse, comptes)
            while True:
                superviseur.veiller()
                time.sleep(0.3)
        finally:
            arreter_proprement(superviseur)


def lancer_une_commande(mots: list[str]) -> int:
    """Run a command of manage.py with the servers of the running site, or with servers started for it."""
    with seul() as unique:
        if not unique:
            env = {**os.environ, **Etat.lire().env}
            return subprocess.call([sys.executable, "manage.py", *mots], env=env, cwd=RACINE)
        tourner_les_journaux()
        superviseur = Superviseur(environnement(f"http://127.0.0.1:{PORT_SITE}"))
        try:
            lancer_les_serveurs(superviseur)
            preparer_la_base(superviseur.env)
            return subprocess.call([sys.executable, "manage.py", *mots], env=superviseur.env, cwd=RACINE)
        finally:
            arreter_proprement(superviseur, muet=True)


def arreter_proprement(superviseur: Superviseur, *, muet: bool = False) -> None:
    for numero in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(numero, signal.SIG_IGN)  # a second Ctrl-C must not interrupt the stop
    if not muet:
        dire("\nArrêt…")
    superviseur.arreter()
    if not muet:
        dire("Tout est arrêté. Les données sont gardées.")


def _finir(numero: int, cadre: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def main() -> int:
    # SIGINT too: it is ignored when a shell starts this process in the background.
    for numero in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(numero, _finir)
    os.chdir(RACINE)
    if not shutil.which("setpriv"):
        dire("setpriv manque (paquet util-linux) : un arrêt brutal laisserait des processus.")
    try:
        if len(sys.argv) > 1:
            return lancer_une_commande(sys.argv[1:])
        tout_lancer()
    except (Impossible, services.PanneService) as erreur:
        print(erreur, file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
