"""A Dauphin file of 1 000 dossiers of 40 lines: first import, imports without and with changes, export."""

import io
import time
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.utils import override_settings

from bench.tableaux import milliers, tableau, virgule
from contrat_ville.dauphin import actes as actes_dauphin
from contrat_ville.dauphin import tour
from contrat_ville.models import DossierImporte, LigneBudget, Projet
from contrat_ville.regles import POSTES, TITRES
from participation.socle.models import Compte

DOSSIERS, LIGNES = 1_000, 40
BUT_IMPORT, BUT_EXPORT = 30.0, 10.0  # seconds
ANNEE = 2090
ENTETES = [
    "Référence administrative",
    "Exercice",
    "Intitulé",
    "Description",
    "Porteur",
    "Statut",
    "Date de début",
    "Date de fin",
    "Poste",
    "Libellé de la ligne",
    "Montant",
    "Rang de la ligne",
    "Financeur",
    "Montant voté",
]
FINANCEURS = ["Grenoble-Alpes Métropole", "État, politique de la ville", "Ville de Fontaine"]


def mesurer(*, rapide: bool) -> None:
    combien = DOSSIERS // 10 if rapide else DOSSIERS
    fabriques: Any = import_module("tests.contrat_ville.factories")
    comptes: Any = import_module("tests.socle.factories")
    fabriques.ProgrammationFactory(annee=ANNEE)
    agent = comptes.CompteFactory(agent=True)
    lignes = list(_lignes(combien))
    fichier = _csv(lignes)
    tableau(
        f"Dauphin : {milliers(combien)} dossiers de {LIGNES} lignes",
        ("", "durée s", "but s", ""),
        [
            _juger("premier import, CSV", _importer(fichier, "dauphin.csv", agent), BUT_IMPORT),
            _juger(
                "le même, sans changement, XLSX", _importer(_xlsx(lignes), "dauphin.xlsx", agent), BUT_IMPORT
            ),
            _juger(
                "un dossier sur deux change",
                _importer(_csv(_changees(lignes)), "deux.csv", agent),
                BUT_IMPORT,
            ),
            _juger("export CSV", _exporter(agent), BUT_EXPORT),
        ],
    )
    print(
        f"Projets : {milliers(Projet.objects.filter(programmation__annee=ANNEE).count())} ; "
        f"lignes : {milliers(LigneBudget.objects.filter(projet__programmation__annee=ANNEE).count())} ; "
        f"refusés : {DossierImporte.objects.filter(sort='rejete').count()}."
    )


def _lignes(combien: int) -> Iterator[list[str]]:
    codes = [code for code in POSTES if code not in TITRES]
    for dossier in range(combien):
        commun = [
            f"{dossier:08d}-1",
            str(ANNEE),
            f"Projet {dossier}",
            "Une description qui dit ce que le porteur veut faire. " * 10,
            f"Association {dossier % 300}",
            "Transmise",
            "01/03/2090",
            "31/12/2090",
        ]
        for rang in range(LIGNES):
            code = codes[rang % len(codes)]
            financeur = FINANCEURS[rang % 3] if code.startswith("74") else ""
            yield [*commun, code, f"Ligne {rang}", f"{100 + rang},50", str(rang), financeur, ""]


def _changees(lignes: list[list[str]]) -> list[list[str]]:
    return [
        [*ligne[:2], ligne[2] + " bis" if int(ligne[0][:8]) % 2 else ligne[2], *ligne[3:]] for ligne in lignes
    ]


def _csv(lignes: list[list[str]]) -> bytes:
    return "\r\n".join(";".join(ligne) for ligne in [ENTETES, *lignes]).encode("cp1252")


def _xlsx(lignes: list[list[str]]) -> bytes:
    memoire = io.BytesIO()
    with xlsxwriter.Workbook(memoire, {"constant_memory": True}) as classeur:
        feuille = classeur.add_worksheet()
        for rang, ligne in enumerate([ENTETES, *lignes]):
            feuille.write_row(rang, 0, ligne)
    return memoire.getvalue()


def _importer(octets: bytes, nom: str, agent: Compte) -> float:
    debut = time.perf_counter()
    choisi = actes_dauphin.ouvrir_import(SimpleUploadedFile(nom, octets), par=agent, exercice=ANNEE)
    actes_dauphin.relier_colonnes(choisi.pk, relies=choisi.relies, exercice=ANNEE)
    tour.avancer_import(choisi.pk)
    actes_dauphin.lancer_application(choisi.pk)
    tour.avancer_import(choisi.pk)
    return time.perf_counter() - debut


def _exporter(agent: Compte) -> float:
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(agent)
    debut = time.perf_counter()
    with override_settings(EXPORT_IMMEDIAT=10**9):  # as in the worker
        reponse: Any = client.get(f"/contrat-de-ville/dauphin/export/{ANNEE}/")
        for _ in reponse.streaming_content:
            pass
    return time.perf_counter() - debut


def _juger(nom: str, duree: float, but: float) -> list[str]:
    return [nom, virgule(duree, 1), virgule(but, 0), "tenu" if duree <= but else "non"]
