"""Attacks on every public form (bodies, headers, paths, names), replayed through the nginx of deploy/.

Each must fail.
"""

import json
import socket
import ssl
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse

from bench.attaques.acces import _session
from bench.attaques.signatures import JETON, Bilan, _appel
from bench.attaques.vote import _ouvert, _voter
from bench.donnees.signatures import petition_ouverte
from bench.tableaux import virgule
from participation.panels.inscriptions import regles
from participation.renouvellement.models import Candidature
from participation.socle.models import Commune, Quartier
from participation.suites.models import Abonnement
from petitions.models import Signature
from remontees.models import Reception

SEULE, VOISINE = "127.0.5.5", "127.0.6.6"
FRONTIERE = "frontiere-de-l-essai"
NOM = "participation.example.org"


@dataclass(frozen=True)
class Formulaire:
    """A public form with valid data.

    `faits`: the rows that it creates. `sien`: whether sending it twice must create a single row.
    """

    nom: str
    chemin: str
    champs: dict[str, str]
    faits: "QuerySet[Any]"
    session: str = ""
    sien: bool = True


def formulaires() -> Iterator[Formulaire]:
    """Yield every public form, with valid data."""
    monde, usines = (import_module("tests.budgets.factories"), import_module("tests.contrat_ville.factories"))
    commune = str(Commune.objects.order_by("pk").values_list("pk", flat=True)[0])
    quartier = str(Quartier.objects.order_by("pk").values_list("pk", flat=True)[0])
    budget = monde.budget_en("idees")
    forum = monde.forum_le(budget=budget, places=5000)
    petition, college = petition_ouverte(), _appel()
    personne = {"prenom": "Anne", "nom": "Essai", "courriel": "anne@orange.fr", "commune": commune}
    yield Formulaire(
        "une idée",
        reverse("budgets:proposer_idee", args=[budget.pk]),
        {
            "titre": "Un jardin",
            "texte": "Derrière l’école.",
            "quartiers": quartier,
            "envoyer": "oui",
            "cle": str(uuid.uuid4()),
        },
        budget.idees.all(),
    )
    yield Formulaire(
        "une remontée",
        "/remontees/dire/autre-chose/",
        {
            "verbatim": "Il fait noir.",
            "lieu": "rue des Alpes",
            "sujet": "aucun",
            "envoyer": "oui",
            "cle": str(uuid.uuid4()),
        },
        Reception.objects.all(),
    )
    yield Formulaire(
        "un forum",
        reverse("budgets:s_inscrire", args=[forum.pk]),
        {"nom": "Léa", "courriel": "lea@orange.fr", "cle": str(uuid.uuid4())},
        forum.inscriptions.all(),
    )
    yield Formulaire(
        "une signature",
        reverse("petitions:signer", args=[petition.pk]),
        {**personne, "qualite": "resident", "age": "on"},
        Signature.objects.filter(petition=petition),
        sien=False,
    )
    yield Formulaire(
        "une candidature",
        f"/candidater/{college.campagne.instance.cle}/{college.pk}/",
        {
            **personne,
            "motivation": "Donner mon avis.",
            "disponibilites": "soir",
            "atteste_age": "on",
            "atteste_lieu": "on",
        },
        Candidature.objects.filter(campagne=college.campagne),
    )
    yield Formulaire(
        "suivre une pétition",
        reverse("suites:suivre", args=[petition.pk]),
        {"courriel": "lea@orange.fr"},
        Abonnement.objects.filter(dossier=petition.pk),
    )
    programmation = usines.ProgrammationFactory()
    yield Formulaire(
        "un projet",
        reverse("contrat_ville:commencer", args=[programmation.annee]),
        {"titre": "Un atelier"},
        programmation.projets.all(),
        session=_elle(),
    )
    panel = import_module("tests.panels.factories").PanelFactory(inscription=True)
    panel.pages.create(langue="fr", nom_langue="français", titre="S’inscrire", introduction="Qui le veut.")
    yield Formulaire(
        "un panel",
        reverse("panels:s_inscrire", args=[panel.cle, "fr"]),
        {
            "prenom": "Anne",
            "nom": "Essai",
            "courriel": "anne@orange.fr",
            **{f"categorie_{rang}": valeurs[0] for rang, valeurs in enumerate(panel.categories.values())},
            "est_eligible": "oui",
            "peut_venir": "oui",
            "ouverte": _ouverte_il_y_a_une_heure(panel.pk),
            "cle": str(uuid.uuid4()),
        },
        panel.inscriptions.all(),
    )
    rencontre = import_module("tests.rencontres.factories").RencontreFactory(ouverte=True, places=5000)
    yield Formulaire(
        "une rencontre",
        reverse("rencontres:s_inscrire", args=[rencontre.pk]),
        {"nom": "Léa", "courriel": "lea@orange.fr", "cle": str(uuid.uuid4())},
        rencontre.inscriptions.all(),
    )


def _ouverte_il_y_a_une_heure(panel: int) -> str:
    """Return what a registration page carries, made an hour ago: this attacker waits before sending."""
    with patch("django.core.signing.time.time", return_value=time.time() - 3600):
        return regles.jeton_de(panel)


def _elle() -> str:
    """Return the session of a new account."""
    return _session(import_module("tests.socle.factories").CompteFactory())


def _entetes(formulaire: Formulaire | None = None, **autres: str) -> dict[str, str]:
    temoins = f"csrftoken={JETON}" + (
        f"; sessionid={formulaire.session}" if formulaire and formulaire.session else ""
    )
    return {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": temoins,
        "X-CSRFToken": JETON,
        "Referer": f"https://{NOM}/",
        "Accept": "text/html",
        **autres,
    }


def _envoyer(nginx: Any, formulaire: Formulaire, *, de: str, **champs: str) -> int:
    corps = urlencode({**formulaire.champs, **champs}).encode()
    statut: int = nginx.demander(
        formulaire.chemin, "POST", corps=corps, entetes=_entetes(formulaire), de=de
    ).statut
    return statut


def mille_de_chaque(nginx: Any, dossier: Path, combien: int = 300) -> Bilan:
    """One address sends each form many times with different data. A neighbour must still be served."""
    trop, sourds, pannes = [], [], 0
    for formulaire in formulaires():
        avant = formulaire.faits.count()

        def une(n: int, formulaire: Formulaire = formulaire) -> int:
            autre = {"cle": str(uuid.uuid4())} if "cle" in formulaire.champs else {}
            if "courriel" in formulaire.champs:
                autre["courriel"] = f"x{n}@orange.fr"
            if "titre" in formulaire.champs:
                autre["titre"] = f"Un autre jardin, {n}"
            return _envoyer(nginx, formulaire, de=SEULE, **autre)

        with ThreadPoolExecutor(8) as fils:
            statuts = list(fils.map(une, range(combien)))
        pannes += sum(statut >= 500 for statut in statuts)
        if (faits := formulaire.faits.count() - avant) > 130:
            trop.append(f"{formulaire.nom} {faits}")
        elle = replace(formulaire, session=_elle()) if formulaire.session else formulaire
        if _envoyer(nginx, elle, de=VOISINE) not in {302, 303}:
            sourds.append(formulaire.nom)
    vu = f"trop : {', '.join(trop) or 'rien'} ; la voisine refusée : {', '.join(sourds) or 'nulle part'} ; {pannes} pannes"
    return not trop and not sourds and not pannes, vu


def deux_fois_le_meme(nginx: Any, dossier: Path) -> Bilan:
    """Each form sent by two threads at the same moment, like a double click: one effect, two successes."""
    doubles, refuses = [], []
    for rang, formulaire in enumerate(formulaires()):
        avant = formulaire.faits.count()
        with ThreadPoolExecutor(2) as fils:
            statuts = list(
                fils.map(
                    lambda n, f=formulaire, r=rang: _envoyer(nginx, f, de=f"127.0.{20 + r}.{n + 1}"), range(2)
                )
            )
        faits = formulaire.faits.count() - avant
        if formulaire.sien and faits != 1:
            doubles.append(f"{formulaire.nom} {faits}")
        if any(statut not in {302, 303} for statut in statuts):
            refuses.append(f"{formulaire.nom} {statuts}")
    scrutin, bons, adresse = _ouvert()
    vote = Formulaire("un bulletin", adresse, _voter(bons[0]), scrutin.bulletins.all())
    with ThreadPoolExecutor(2) as fils:
        list(fils.map(lambda n: _envoyer(nginx, vote, de=f"127.0.40.{n + 1}"), range(2)))
    if scrutin.bulletins.count() != 1:
        doubles.append(f"bulletins {scrutin.bulletins.count()}")
    vu = f"en double : {', '.join(doubles) or 'rien'} ; refusés : {', '.join(refuses) or 'aucun'}"
    return not doubles and not refuses, vu


def corps_de_travers(nginx: Any, dossier: Path) -> Bilan:
    """Malformed bodies: wrong types, two hundred files, 40 KB in every field. No 5xx, and nothing stored."""
    fautes, essais = [], 0
    for rang, formulaire in enumerate(formulaires()):
        avant = formulaire.faits.count()
        long = dict.fromkeys(formulaire.champs, "é" * 20000)
        corps: dict[str, tuple[str, bytes]] = {
            "JSON": ("application/json", json.dumps(formulaire.champs).encode()),
            "texte": ("text/plain", urlencode(formulaire.champs).encode()),
            "XML": (
                "text/xml",
                b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>",
            ),
            "sans frontière": ("multipart/form-data", b"a=1"),
            "coupé": (f"multipart/form-data; boundary={FRONTIERE}", f"--{FRONTIERE}\r\ncontent".encode()),
            "deux cents fichiers": (f"multipart/form-data; boundary={FRONTIERE}", _fichiers(200)),
            "cinq mille champs": (
                "application/x-www-form-urlencoded",
                b"&".join(b"a%d=1" % n for n in range(5000)),
            ),
            "40 Kio partout": ("application/x-www-form-urlencoded", urlencode(long).encode()),
            "UTF-16": ("application/x-www-form-urlencoded; charset=utf-16", b"\xff\xfe\x00"),
            "jeu inconnu": ("application/x-www-form-urlencoded; charset=x-inconnu", b"a=1"),
        }
        for n, (nom, (genre, octets)) in enumerate(corps.items()):
            essais += 1
            recue = nginx.demander(
                formulaire.chemin,
                "POST",
                corps=octets,
                entetes=_entetes(formulaire, **{"Content-Type": genre}),
                de=f"127.{1 + n}.{60 + rang}.1",
            )
            if recue.statut >= 500 or (recue.statut >= 400 and b'lang="fr"' not in recue.corps):
                fautes.append(f"{formulaire.nom}, {nom} : {recue.statut}")
        if formulaire.faits.count() != avant:
            fautes.append(f"{formulaire.nom} : {formulaire.faits.count() - avant} gardé")
    return not fautes, f"{essais} essais ; {' ; '.join(fautes) or 'tout refusé en français'}"


def _fichiers(combien: int) -> bytes:
    une = f'--{FRONTIERE}\r\nContent-Disposition: form-data; name="photo"; filename="p.jpg"\r\n\r\nx\r\n'
    return (une * combien + f"--{FRONTIERE}--\r\n").encode()


def goutte_a_goutte(nginx: Any, dossier: Path, combien: int = 80) -> Bilan:
    """Many bodies sent one byte at a time: other visitors must not wait."""
    prises = [_prise(nginx) for _ in range(combien)]
    debut = (
        f"POST /remontees/dire/autre-chose/ HTTP/1.1\r\nHost: {NOM}\r\nContent-Length: 100000\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n\r\na="
    )
    durees = []
    for prise in prises:
        prise.sendall(debut.encode())
    for tour in range(5):
        for prise in prises:
            prise.sendall(b"a")
        depart = time.monotonic()
        nginx.demander(f"/remontees/dire/?tour={tour}", de=VOISINE)
        durees.append(time.monotonic() - depart)
        time.sleep(0.5)
    for prise in prises:
        prise.close()
    return max(durees) < 3, f"{combien} envois lents ; une page en {virgule(max(durees), 1)} s au plus"


def _prise(nginx: Any) -> ssl.SSLSocket:
    contexte = ssl.create_default_context(cafile=str(nginx.dossier / "fullchain.pem"))
    return contexte.wrap_socket(socket.create_connection(("127.0.0.1", nginx.port), 20), server_hostname=NOM)


def entetes_et_chemins(nginx: Any, dossier: Path) -> Bilan:
    """Huge headers, foreign host names, path traversal: refused, and no file of ours is shown."""
    secrets = (b"ssl_certificate", b"SECRET_KEY", b"root:x:0", b"server_name")
    chemins = [
        "/static/../participation.conf",
        "/static../participation.conf",
        "/static/%2e%2e/%2e%2e/etc/passwd",
        "/static/..%2f..%2fetc/passwd",
        "/static/..%5c..%5cetc/passwd",
        "/erreurs/413.html",
        "/erreurs../participation.conf",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/./././sante",
        "//sante",
        "/sante/",
        "/SANTE",
        "/x/../sante",
        "/%73ante",
        "/sante%20",
        "/sante%00",
        "/petitions/..;/journee/",
        "/journee;/",
        "/journee/%2e/",
        "/journee%0d%0aX-Test:1",
        "/pieces/../../media/",
        "/media/",
        "/.git/config",
        "/.env",
        "/" + "a" * 7000,
    ]
    entetes: list[dict[str, str]] = [
        {"Cookie": "a=" + "b" * 7000},
        {"Cookie": "a=" + "b" * 60_000},
        {f"X-{n}": "c" * 900 for n in range(120)},
        {"Host": "ailleurs.example"},
        {"Host": f"{NOM}:8080@ailleurs.example"},
        {"Host": f"{NOM}.ailleurs.example"},
        {"X-Forwarded-Host": "ailleurs.example", "X-Forwarded-Proto": "http", "X-Forwarded-Port": "1"},
        {"X-Forwarded-For": "127.0.0.1", "Forwarded": "for=127.0.0.1;host=ailleurs.example"},
        {"X-Original-URL": "/journee/", "X-Rewrite-URL": "/journee/", "X-HTTP-Method-Override": "DELETE"},
        {"Range": "bytes=0-1,2-3,4-5," + ",".join(f"{n}-{n}" for n in range(500))},
        {"Accept-Language": "x" * 5000, "User-Agent": "\x7f" * 500, "If-None-Match": '"' + "z" * 3000},
    ]
    fautes = []
    for chemin in chemins:
        recue = nginx.demander(chemin, de="127.0.70.1")
        if recue.statut == 200 or recue.statut >= 500 or any(secret in recue.corps for secret in secrets):
            fautes.append(f"{chemin[:40]} : {recue.statut}")
    for entete in entetes:
        for chemin in ("/", "/petitions/"):
            recue = nginx.demander(chemin, entetes=entete, de="127.0.70.2")
            ailleurs = b"ailleurs.example" in recue.corps or "ailleurs" in str(recue.entetes)
            if recue.statut >= 500 or ailleurs:
                fautes.append(f"{next(iter(entete))} : {recue.statut}{' ailleurs' if ailleurs else ''}")
            if b"ailleurs.example" in nginx.demander(chemin, de="127.0.70.3").corps:
                fautes.append(f"{chemin} gardée pour les autres")
    return not fautes, f"{len(chemins) + 2 * len(entetes)} essais ; {' ; '.join(fautes) or 'rien'}"


ATTAQUES: dict[str, Callable[[Any, Path], Bilan]] = {
    "chaque formulaire public, sans fin, d’une adresse (nginx devant)": mille_de_chaque,
    "chaque formulaire public envoyé deux fois ensemble (nginx devant)": deux_fois_le_meme,
    "des corps de travers à chaque formulaire public (nginx devant)": corps_de_travers,
    "des envois au goutte-à-goutte (nginx devant)": goutte_a_goutte,
    "en-têtes démesurés, faux noms, chemins tordus (nginx devant)": entetes_et_chemins,
}
